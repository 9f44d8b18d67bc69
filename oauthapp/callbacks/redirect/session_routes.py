"""The browser's stay and its way out: /me and /logout."""

from flask import Blueprint
from flask import Response
from flask import jsonify
from flask import redirect
from flask import render_template
from werkzeug.wrappers import Response as BaseResponse

from oauthapp.callbacks.redirect.browser import new_state
from oauthapp.callbacks.redirect.refusals import UnknownProvider
from oauthapp.callbacks.redirect.session_store import SignedIn
from oauthapp.callbacks.redirect.session_store import find_announcement
from oauthapp.callbacks.redirect.sessions import current_session
from oauthapp.callbacks.redirect.sessions import end_session
from oauthapp.database import reading
from oauthapp.errors import NotSignedIn
from oauthapp.pages import wants_html
from oauthapp.parameters import add_to_query
from oauthapp.policy import let_forms_reach
from oauthapp.recorder.call import note
from oauthapp.recorder.call import share
from oauthapp.services import app_services
from oauthapp.settings import AppSettings

bp = Blueprint("session", __name__)


@bp.get("/me")
def me() -> BaseResponse:
    """Who is signed in; 401 when nobody is."""
    services = app_services()
    session = current_session(services)
    if not wants_html():
        return jsonify(
            sub=session.sub, provider=session.provider, claims=dict(session.claims)
        )
    let_forms_reach(_way_out(services.settings, session))  # where the button leads
    with reading(services.database) as connection:
        announcement = find_announcement(connection, session)
    page = render_template("app/me.html", session=session, announcement=announcement)
    return Response(page)


@bp.post("/logout")
def logout() -> BaseResponse:
    """Sign out here, then at the provider (RP-Initiated Logout 1.0 §2)."""
    services = app_services()
    try:
        session = current_session(services)
        leads_to = _way_out(services.settings, session)
        share("sid", session.sid or "")
    except NotSignedIn:  # in another tab, or the session has expired
        leads_to = f"{services.settings.base_url}/"
    end_session(services)
    note(verdict="accepted")
    return redirect(leads_to, 303)


@bp.get("/signed-out/<provider>")
def signed_out(provider: str) -> BaseResponse:
    """Back from the provider's logout. Anybody may call this: it changes nothing."""
    settings = app_services().settings
    if provider not in settings.providers:
        raise UnknownProvider(arrived=provider[:80])
    note(verdict="accepted")
    return redirect(f"{settings.base_url}/", 303)


def _way_out(settings: AppSettings, session: SignedIn) -> str:
    """The provider's logout, which leads back to us; without one, our front page."""
    registration = settings.providers.get(session.provider)
    if registration is None or session.end_session_endpoint is None:
        return f"{settings.base_url}/"
    parameters = (
        ("client_id", registration.client_id),
        ("post_logout_redirect_uri", settings.signed_out_uri(session.provider)),
        ("state", new_state(settings)),
    )
    return add_to_query(session.end_session_endpoint, parameters)
