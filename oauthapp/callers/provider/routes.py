"""What people see of the provider: sign in, allow or deny, and back to the client.

`/authorize` checks the question, `/login` and `/consent` ask the user, and whichever
was the last step answers with a redirect that the browser carries to the client.
"""

from flask import Blueprint
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from werkzeug.wrappers import Response as BaseResponse

from oauthapp.callers.provider.answers import answer_with_code
from oauthapp.callers.provider.answers import answer_with_error
from oauthapp.callers.provider.authorize import accept
from oauthapp.callers.provider.interaction_store import keep_consent
from oauthapp.callers.provider.login_pages import consent_page
from oauthapp.callers.provider.login_pages import login_page
from oauthapp.callers.provider.parameters import sent_parameters
from oauthapp.callers.provider.refusals import AuthorizationError
from oauthapp.callers.provider.refusals import SignInRefused
from oauthapp.callers.provider.refusals import TooManyWrongPasswords
from oauthapp.callers.provider.sessions import browser_is_known
from oauthapp.callers.provider.sessions import current_session
from oauthapp.callers.provider.sessions import sign_in
from oauthapp.callers.provider.steps import login_holds
from oauthapp.callers.provider.steps import next_step
from oauthapp.callers.provider.waiting import Waiting
from oauthapp.callers.provider.waiting import let_wait
from oauthapp.callers.provider.waiting import read_question
from oauthapp.callers.provider.waiting import situation
from oauthapp.callers.provider.waiting import to_agree
from oauthapp.callers.provider.waiting import waiting_here
from oauthapp.database import writing
from oauthapp.pages import csrf
from oauthapp.parameters import add_to_query
from oauthapp.recorder.call import note
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
    asked = read_question(services, sent)
    try:
        accept(asked)
    except AuthorizationError as error:
        return answer_with_error(services, asked, error)
    if request.method == "HEAD":  # it may change nothing (RFC 9110 §9.2.1)
        return BaseResponse()
    if request.method == "POST" and not browser_is_known():
        # Another site's POST comes without our Lax cookie, a GET brings it along.
        return redirect(add_to_query(url_for("provider.authorize"), sent), 303)
    return _go_on(services, let_wait(services, asked, sent))


csrf.exempt(authorize)  # clients send their users here, also by POST


@bp.route("/login", methods=["GET", "POST"])
def login() -> BaseResponse:
    """The user says who they are."""
    services = provider_services()
    waiting = waiting_here(services)
    asked = waiting.asked
    if request.method != "POST":  # HEAD too: it carries no CSRF token
        return login_page(asked, username=asked.get("login_hint"))
    username = request.form.get("username", "").strip()
    try:
        sign_in(services, username, request.form.get("password", ""))
    except (SignInRefused, TooManyWrongPasswords) as refusal:
        note(verdict="refused", reason=refusal.code)
        return login_page(asked, username=username, refusal=refusal)
    note(verdict="accepted")
    return _go_on(services, waiting)


@bp.route("/consent", methods=["GET", "POST"])
def consent() -> BaseResponse:
    """The user says what the client may have."""
    services = provider_services()
    waiting = waiting_here(services)
    asked, session = waiting.asked, current_session(services)
    # Who comes here by the address alone has not passed the login that was asked for.
    if session is None or not login_holds(situation(services, waiting, session)):
        return _go_on(services, waiting)
    if request.method != "POST":
        return consent_page(asked, session.sub, to_agree(services, asked))
    if request.form.get("decision") != "allow":
        denied = AuthorizationError("access_denied", "the user said no")
        return answer_with_error(services, asked, denied, ends=waiting.interaction_id)
    with writing(services.database) as connection:
        keep_consent(
            connection,
            sub=session.sub,
            client_id=asked.client.client_id,
            scope=" ".join(to_agree(services, asked)),
            now=services.clock(),
        )
    return answer_with_code(services, asked, session, ends=waiting.interaction_id)


def _go_on(services: ProviderServices, waiting: Waiting) -> BaseResponse:
    """On to the next page, or back to the client when there is none."""
    asked, session = waiting.asked, current_session(services)
    try:
        step = next_step(situation(services, waiting, session))
    except AuthorizationError as error:
        return answer_with_error(services, asked, error, ends=waiting.interaction_id)
    if step == "grant" and session is not None:
        return answer_with_code(services, asked, session, ends=waiting.interaction_id)
    note(verdict="accepted")
    there = url_for(f"provider.{step}", interaction=waiting.interaction_id)
    return redirect(there, 303)
