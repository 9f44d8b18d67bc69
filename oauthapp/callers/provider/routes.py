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
from oauthapp.callers.provider.session_store import ProviderSession
from oauthapp.callers.provider.sessions import browser_is_known
from oauthapp.callers.provider.sessions import current_session
from oauthapp.callers.provider.sessions import sign_in
from oauthapp.callers.provider.sessions import this_browser
from oauthapp.callers.provider.steps import Situation
from oauthapp.callers.provider.steps import Standing
from oauthapp.callers.provider.steps import login_holds
from oauthapp.callers.provider.steps import next_step
from oauthapp.callers.provider.store import Interaction
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.pages import csrf
from oauthapp.parameters import Parameters
from oauthapp.parameters import add_to_query
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
    services, sent = provider_services(), sent_parameters()
    asked = _asked(services, sent)
    try:
        accept(asked)
    except AuthorizationError as error:
        return answer_with_error(services, asked, error)
    if request.method == "HEAD":  # it may change nothing (RFC 9110 §9.2.1)
        return BaseResponse()
    if request.method == "POST" and not browser_is_known():
        # Another site's POST comes without our Lax cookie, a GET brings it along.
        return redirect(add_to_query("/authorize", sent), 303)
    waiting = Interaction(
        parameters=sent,
        browser_hash=secret_hash(this_browser()),
        created_at=services.clock(),
    )
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
    asked = _asked(services, waiting.parameters)
    if request.method != "POST":  # HEAD too: it carries no CSRF token
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
    asked = _asked(services, waiting.parameters)
    session = current_session(services)
    # Who comes here by the address alone has not passed the login that was asked for.
    if session is None or not login_holds(_situation(services, waiting, session)):
        return _go_on(services, interaction_id, waiting)
    if request.method != "POST":
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
    asked, session = _asked(services, waiting.parameters), current_session(services)
    try:
        step = next_step(_situation(services, waiting, session))
    except AuthorizationError as error:
        return answer_with_error(services, asked, error, ends=interaction_id)
    if step == "grant" and session is not None:
        return answer_with_code(services, asked, session, ends=interaction_id)
    note(verdict="accepted")
    return redirect(f"/{step}?{urlencode({'interaction': interaction_id})}", 303)


def _situation(
    services: ProviderServices, waiting: Interaction, session: ProviderSession | None
) -> Situation:
    asked, standing = _asked(services, waiting.parameters), None
    if session is not None:
        with reading(services.database) as connection:
            consented = store.consented_scope(
                connection, sub=session.sub, client_id=asked.client.client_id
            )
        standing = Standing(
            sub=session.sub, auth_time=session.auth_time, consented=consented
        )
    return Situation(
        asked=asked,
        standing=standing,
        hinted_sub=_hinted(services, asked),
        began=waiting.created_at,
        now=services.clock(),
    )


def _asked(services: ProviderServices, parameters: Parameters) -> Asked:
    clients = {client.client_id: client for client in services.settings.clients}
    client = known_client(parameters, clients)
    return Asked(parameters=parameters, client=client)


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
