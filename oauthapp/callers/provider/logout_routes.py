"""The way out (OpenID Connect RP-Initiated Logout 1.0): `/logout`.

A client that proves with an id_token whom it signs out is obeyed; otherwise the user
is asked, or any page on the web could sign people out.
"""

from dataclasses import dataclass
from dataclasses import replace
from urllib.parse import quote
from urllib.parse import unquote

from flask import Blueprint
from flask import Response
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from werkzeug.wrappers import Response as BaseResponse

from oauthapp.allowlist import is_registered
from oauthapp.callers.provider.clients import find_client
from oauthapp.callers.provider.frontchannel import frontchannel_addresses
from oauthapp.callers.provider.frontchannel import signing_out_page
from oauthapp.callers.provider.id_token import Hint
from oauthapp.callers.provider.id_token import read_hint
from oauthapp.callers.provider.keys import published_key_set
from oauthapp.callers.provider.parameters import printable
from oauthapp.callers.provider.parameters import sent_parameters
from oauthapp.callers.provider.refusals import ClientUnknown
from oauthapp.callers.provider.refusals import LogoutUriUnknown
from oauthapp.callers.provider.refusals import ParameterRepeated
from oauthapp.callers.provider.sessions import browser_is_known
from oauthapp.callers.provider.sessions import current_session
from oauthapp.callers.provider.sessions import sign_out
from oauthapp.pages import csrf
from oauthapp.parameters import Parameters
from oauthapp.parameters import add_to_query
from oauthapp.parameters import get
from oauthapp.parameters import repeated
from oauthapp.policy import let_forms_reach
from oauthapp.recorder.call import note
from oauthapp.services import ProviderServices
from oauthapp.services import provider_services

bp = Blueprint("provider_logout", __name__)


@dataclass(frozen=True, kw_only=True)
class _Request:
    """A logout whose return address was checked, empty when none was given."""

    client_id: str
    return_uri: str
    state: str
    #: Whom the client's id_token names; None without a good one.
    hinted_sub: str | None


@bp.route("/logout", methods=["GET", "POST"])
def logout() -> BaseResponse:
    """The end session endpoint: at once by a good id_token_hint, or after asking"""
    services = provider_services()
    sent = sent_parameters()
    asked = _read(services, sent)
    if request.method == "HEAD":  # it may change nothing (RFC 9110 §9.2.1)
        return Response()
    if request.method == "POST" and not browser_is_known():
        # Another site's POST comes without our Lax cookie, a GET brings it along.
        return redirect(add_to_query(url_for("provider_logout.logout"), sent), 303)
    session = current_session(services)
    if session is None or session.sub == asked.hinted_sub:
        return _signed_out(services, asked)
    if asked.return_uri:
        let_forms_reach(asked.return_uri)
    # Quoted, since a form field keeps neither line ends nor bytes that are no text.
    state = quote(asked.state, errors="surrogateescape", safe="")
    page = render_template(
        "provider/logout.html", sub=session.sub, asked=asked, state=state
    )
    return Response(page)


csrf.exempt(logout)  # clients send their users here, also by POST


@bp.post("/logout/confirm")
def confirm() -> BaseResponse:
    """The user agreed, on our own page."""
    services = provider_services()
    # The CSRF check has read the form already.
    asked = _read(services, tuple(request.form.items(multi=True)))
    asked = replace(asked, state=unquote(asked.state, errors="surrogateescape"))
    return _signed_out(services, asked)


def _signed_out(services: ProviderServices, asked: _Request) -> BaseResponse:
    ended = sign_out(services)
    note(verdict="accepted")
    state = [("state", asked.state)] if asked.state else []
    return_to = asked.return_uri
    if return_to and state:
        return_to = add_to_query(return_to, state)
    if told := frontchannel_addresses(services, ended):
        return signing_out_page(told, return_to or url_for("provider.home"))
    if not return_to:
        return Response(render_template("provider/signed_out.html"))
    answer = redirect("/", 303)
    answer.headers["Location"] = return_to
    return answer


def _read(services: ProviderServices, sent: Parameters) -> _Request:
    """Check whose logout it is and where it may lead."""
    if twice := repeated(sent):
        raise ParameterRepeated(arrived=printable(", ".join(twice))[:80])
    uri, client_id = get(sent, "post_logout_redirect_uri"), get(sent, "client_id")
    hint = _hint(services, get(sent, "id_token_hint"))
    client = find_client(services, hint.client_id if hint else client_id)
    if uri or client_id:
        if client is None or client_id not in ("", client.client_id):
            raise ClientUnknown(arrived=printable(client_id)[:80])
    if uri and client is not None:
        allowed = client.post_logout_redirect_uris
        if not is_registered(uri, allowed, native=client.native):
            raise LogoutUriUnknown(uri, allowed)
    return _Request(
        client_id=client.client_id if client else "",
        return_uri=uri,
        state=get(sent, "state"),
        hinted_sub=hint.sub if hint and client else None,
    )


def _hint(services: ProviderServices, id_token: str) -> Hint | None:
    if not id_token:
        return None
    keys, issuer = published_key_set(services), services.settings.issuer
    return read_hint(id_token, keys, issuer=issuer)
