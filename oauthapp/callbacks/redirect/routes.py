"""The browser's way in: /login and /callback.

`callback` reads like its twin in `callbacks/webhook/routes.py`:
evidence → believe → keep → answer.
"""

import secrets
from collections.abc import Mapping
from typing import cast

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from flask import Blueprint
from flask import Response
from flask import redirect
from flask import request
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.wrappers import Response as BaseResponse

from oauthapp.callbacks.redirect import beginning
from oauthapp.callbacks.redirect import browser
from oauthapp.callbacks.redirect import store
from oauthapp.callbacks.redirect import weakened
from oauthapp.callbacks.redirect.discovery import app_discovery
from oauthapp.callbacks.redirect.exchange import Exchange
from oauthapp.callbacks.redirect.refusals import UnknownProvider
from oauthapp.callbacks.redirect.session_routes import bp as session_bp
from oauthapp.callbacks.redirect.sessions import begin_session
from oauthapp.callbacks.redirect.verify import CHECKS
from oauthapp.callbacks.redirect.verify import Evidence
from oauthapp.callbacks.redirect.verify import PendingLogin
from oauthapp.callbacks.redirect.verify import believe
from oauthapp.database import writing
from oauthapp.pages import csrf
from oauthapp.parameters import add_to_query
from oauthapp.parameters import repeated
from oauthapp.recorder.call import note
from oauthapp.recorder.call import remark
from oauthapp.recorder.call import share
from oauthapp.schema import secret_hash
from oauthapp.services import AppServices
from oauthapp.services import app_services
from oauthapp.settings import LoginProvider
from oauthapp.settings import ResponseMode
from oauthapp.weaknesses import passed_over

bp = Blueprint("redirect", __name__)
bp.register_blueprint(session_bp)

#: The one method that the callback of each response mode answers.
METHODS: Mapping[ResponseMode, str] = {"query": "GET", "form_post": "POST"}


@bp.get("/login/<provider>")
def login(provider: str) -> BaseResponse:
    """Send the browser to `provider` with a question only we can recognise."""
    services = app_services()
    registration = _registration(services, provider)
    settings = services.settings
    if request.host != settings.host():  # cookies set here would stay behind
        return redirect(f"{settings.base_url}{request.full_path.rstrip('?')}", 303)
    beginning.require_patience(services)
    metadata = app_discovery().metadata(registration.issuer)
    state = browser.new_state(settings)
    mode = registration.response_mode
    us = browser.known_browser(settings, mode) or browser.new_browser()
    pending = PendingLogin(
        provider=provider,
        issuer=registration.issuer,
        redirect_uri=settings.redirect_uri(provider),
        nonce=secrets.token_urlsafe(32),
        code_verifier=secrets.token_urlsafe(48),
        browser_hash=secret_hash(us),
        next=weakened.chosen_next(services, request.args.get("next", "")),
        created_at=services.clock(),
    )
    beginning.keep(services, state, pending)
    note(verdict="accepted")
    url = _authorization_url(
        metadata.authorization_endpoint, registration, state, pending
    )
    answer = redirect(url, 303)
    browser.set_browser(cast(Response, answer), settings, us, mode)
    return answer


@bp.route("/callback/<provider>", methods=["GET", "POST"])
def callback(provider: str) -> BaseResponse:
    """The redirect callback: a browser brings the provider's answer."""
    services = app_services()
    evidence, off = _evidence(services, provider), services.weaknesses.off
    answer = believe(evidence, off)
    remark(*passed_over(CHECKS, evidence, off))
    weakened.remark_where_it_leads(answer.pending.next)
    signed_in = _exchange(services).sign_in(answer)
    begin_session(services, signed_in)
    share("sid", signed_in.sid or "")
    note(verdict="accepted")
    # Never a page at this address: a reload would send the code again.
    return redirect(f"{services.settings.base_url}{answer.pending.next}", 303)


csrf.exempt(callback)  # a form_post comes from the provider's page; state protects it


def _evidence(services: AppServices, provider: str) -> Evidence:
    """What came, beside what we know. Takes the login out of the store: one answer."""
    registration = _registration(services, provider)
    method = METHODS[registration.response_mode]
    if request.method != method:  # HEAD too: Flask serves it by GET's handler
        raise MethodNotAllowed(valid_methods=[method])
    settings = services.settings
    sent = request.form if method == "POST" else request.args
    parameters = tuple(sent.items(multi=True))
    state = sent.get("state", "")
    signed = "state" not in repeated(parameters) and browser.is_our_state(
        settings, state
    )
    browser_hash = browser.browser_hash(settings, registration.response_mode)
    pending = None
    if signed:
        with writing(services.database) as connection:
            pending = store.take(connection, state)
    if services.weaknesses.off:
        pending = weakened.login_to_answer(
            services,
            taken=pending,
            state=state,
            signed=signed,
            provider=provider,
            browser_hash=browser_hash,
        )
    return Evidence(
        parameters=parameters,
        host=request.host,
        our_host=settings.host(),
        provider=provider,
        issuer=registration.issuer,
        iss_promised=pending is not None
        and app_discovery().metadata(registration.issuer).iss_promised,
        state_signed=signed,
        pending=pending,
        browser_hash=browser_hash,
        now=services.clock(),
        login_ttl=settings.login_ttl,
    )


def _registration(services: AppServices, provider: str) -> LoginProvider:
    try:
        return services.settings.providers[provider]
    except KeyError:
        raise UnknownProvider(arrived=provider[:80]) from None


def _authorization_url(
    endpoint: str, registration: LoginProvider, state: str, pending: PendingLogin
) -> str:
    """The authorization request (RFC 6749 §4.1.1, RFC 7636 §4.3, OIDC Core §3.1.2)."""
    verifier = pending.code_verifier
    code_challenge = create_s256_code_challenge(verifier)
    parameters = {
        "response_type": "code",
        "client_id": registration.client_id,
        "redirect_uri": pending.redirect_uri,
        "scope": registration.scope,
        "state": state,
        "nonce": pending.nonce,
        "code_challenge": code_challenge,
        "code_challenge_method": "S256",
    }
    if registration.response_mode != "query":
        parameters["response_mode"] = registration.response_mode
    return add_to_query(endpoint, parameters.items())


def _exchange(services: AppServices) -> Exchange:
    return Exchange(
        settings=services.settings,
        discovery=app_discovery(),
        http=services.http,
        clock=services.clock,
        weaknesses=services.weaknesses,
    )
