"""What people see of the provider: sign in, allow or deny, and back to the client.

`/authorize` checks the question, `/login` and `/consent` ask the user, and whichever
was the last step answers with a redirect that the browser carries to the client.
"""

import secrets
from urllib.parse import urlencode

from flask import Blueprint
from flask import redirect
from flask import render_template
from flask import request
from werkzeug.wrappers import Response as BaseResponse

from oauthapp.callers.provider import store
from oauthapp.callers.provider.answers import answer_with_code
from oauthapp.callers.provider.answers import answer_with_error
from oauthapp.callers.provider.authorize import Asked
from oauthapp.callers.provider.authorize import accept
from oauthapp.callers.provider.authorize import known_client
from oauthapp.callers.provider.id_token import hinted_subject
from oauthapp.callers.provider.keys import published_key_set
from oauthapp.callers.provider.login_pages import consent_page
from oauthapp.callers.provider.login_pages import login_page
from oauthapp.callers.provider.parameters import sent_parameters
from oauthapp.callers.provider.refusals import AuthorizationError
from oauthapp.callers.provider.refusals import InteractionUnknown
from oauthapp.callers.provider.refusals import SignInRefused
from oauthapp.callers.provider.sessions import current_session
from oauthapp.callers.provider.sessions import sign_in
from oauthapp.callers.provider.sessions import this_browser
from oauthapp.callers.provider.steps import Standing
from oauthapp.callers.provider.steps import next_step
from oauthapp.callers.provider.store import Interaction
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.pages import csrf
from oauthapp.recorder.call import note
from oauthapp.schema import secret_hash
from oauthapp.services import ProviderServices
from oauthapp.services import provider_services

bp = Blueprint("provider", __name__)


@bp.get("/")
def home() -> str:
    """What this party is, and who is signed in at it."""
    services = provider_services()
    return render_template(
        "provider/home.html",
        settings=services.settings,
        session=current_session(services),
    )


@bp.route("/authorize", methods=["GET", "POST"])
def authorize() -> BaseResponse:
    """The authorization endpoint (RFC 6749 §3.1): a client asks, by the browser."""
    services = provider_services()
    waiting = Interaction(
        parameters=sent_parameters(),
        browser_hash=secret_hash(this_browser()),
        created_at=services.clock(),
    )
    asked = _asked(services, waiting)
    try:
        accept(asked)
    except AuthorizationError as error:
        return answer_with_error(services, asked, error)
    interaction_id = secrets.token_urlsafe(32)
    with writing(services.database) as connection:
        store.keep_interaction(connection, interaction_id, waiting)
    return _go_on(services, interaction_id, waiting)


csrf.exempt(authorize)  # clients send their users here, also by POST


@bp.route("/login", methods=["GET", "POST"])
def login() -> BaseResponse:
    """The user says who they are."""
    services = provider_services()
    interaction_id, waiting = _interaction(services)
    asked = _asked(services, waiting)
    if request.method == "GET":
        return login_page(asked, username=asked.get("login_hint"))
    username = request.form.get("username", "").strip()
    try:
        sign_in(services, username, request.form.get("password", ""))
    except SignInRefused as refusal:
        note(verdict="refused", reason=refusal.code)
        return login_page(asked, username=username, refusal=refusal)
    note(verdict="accepted")
    return _go_on(services, interaction_id, waiting)


@bp.route("/consent", methods=["GET", "POST"])
def consent() -> BaseResponse:
    """The user says what the client may have."""
    services = provider_services()
    interaction_id, waiting = _interaction(services)
    asked = _asked(services, waiting)
    session = current_session(services)
    if session is None:  # signed out in another tab meanwhile
        return _go_on(services, interaction_id, waiting)
    if request.method == "GET":
        return consent_page(asked, session.sub)
    if request.form.get("decision") != "allow":
        denied = AuthorizationError("access_denied", "the user said no")
        return answer_with_error(services, asked, denied, ends=interaction_id)
    now = services.clock()
    with writing(services.database) as connection:
        store.keep_consent(
            connection,
            sub=session.sub,
            client_id=asked.client.client_id,
            scope=asked.granted_scope(),
            now=now,
        )
    return answer_with_code(services, asked, session, ends=interaction_id)


def _go_on(
    services: ProviderServices, interaction_id: str, waiting: Interaction
) -> BaseResponse:
    """On to the next page, or back to the client when there is none."""
    asked, session = _asked(services, waiting), current_session(services)
    standing = None
    if session is not None:
        with reading(services.database) as connection:
            consented = store.consented_scope(
                connection, sub=session.sub, client_id=asked.client.client_id
            )
        standing = Standing(
            sub=session.sub, auth_time=session.auth_time, consented=consented
        )
    try:
        step = next_step(
            asked,
            standing,
            hinted_sub=_hinted(services, asked),
            began=waiting.created_at,
            now=services.clock(),
        )
    except AuthorizationError as error:
        return answer_with_error(services, asked, error, ends=interaction_id)
    if step == "grant" and session is not None:
        return answer_with_code(services, asked, session, ends=interaction_id)
    note(verdict="accepted")
    return redirect(f"/{step}?{urlencode({'interaction': interaction_id})}", 303)


def _asked(services: ProviderServices, waiting: Interaction) -> Asked:
    clients = {client.client_id: client for client in services.settings.clients}
    client = known_client(waiting.parameters, clients)
    return Asked(parameters=waiting.parameters, client=client)


def _interaction(services: ProviderServices) -> tuple[str, Interaction]:
    """The request that waits for this page, if it waits in this browser."""
    interaction_id = request.args.get("interaction", "")
    with reading(services.database) as connection:
        waiting = store.find_interaction(
            connection, interaction_id, now=services.clock()
        )
    if waiting is None or waiting.browser_hash != secret_hash(this_browser()):
        raise InteractionUnknown
    return interaction_id, waiting


def _hinted(services: ProviderServices, asked: Asked) -> str | None:
    hint = asked.get("id_token_hint")
    if not hint:
        return None
    keys, issuer = published_key_set(services), services.settings.issuer
    # "" is nobody: a hint that we did not issue fits no session.
    return (
        hinted_subject(hint, keys, issuer=issuer, client_id=asked.client.client_id)
        or ""
    )
