"""IdentityPython's idpyoidc signs in and out at our provider.

It holds what comes against what it asked for: the metadata, the answer with its `iss`
(RFC 9207), the id_token with its nonce, and the `sub` that userinfo names.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl
from urllib.parse import urlsplit

import pytest
from cryptojwt.key_jar import KeyJar
from flask import Flask
from idpyoidc.client.defaults import DEFAULT_OIDC_SERVICES
from idpyoidc.client.rp_handler import RPHandler

from oauthapp.serving import Server
from oauthapp.settings import Client
from oauthapp.visitor import Visitor
from tests.interop.alice import ALLOW
from tests.interop.alice import DENY
from tests.interop.alice import decide

SECRET = "its-secret-is-long"  # it takes none of less than 16 characters
SCOPE = ["openid", "profile", "offline_access"]
PKCE = {
    "function": "idpyoidc.client.oauth2.add_on.pkce.add_support",
    "kwargs": {"code_challenge_length": 64, "code_challenge_method": "S256"},
}
END_SESSION = {"class": "idpyoidc.client.oidc.end_session.EndSession"}


@dataclass(frozen=True, kw_only=True)
class RelyingParty:
    """idpyoidc, and where its pages are."""

    url: str
    issuer: str
    handler: RPHandler

    def asked_of(self, visitor: Visitor, decision: tuple[str, str]) -> "Outcome":
        question = self.handler.begin(self.issuer)
        answer = decide(visitor, question, decision)
        return Outcome(
            question=parameters_of(question),
            answer=parameters_of(answer),
            got=self.handler.finalize(self.issuer, parameters_of(answer)),
        )


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What idpyoidc asked, what was answered, and what it made of that."""

    question: dict[str, str]
    answer: dict[str, str]
    got: dict[str, Any]


def parameters_of(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, strict_parsing=True))


@pytest.fixture
def rp(stack: ExitStack, issuer_for: Callable[[Client], str]) -> RelyingParty:
    server = Server("localhost", 0)
    url = f"http://localhost:{server.port}"
    issuer = issuer_for(
        Client(
            client_id="rp",
            client_secret=SECRET,
            redirect_uris=[f"{url}/callback"],
            post_logout_redirect_uris=[f"{url}/bye"],
        )
    )
    stack.enter_context(server.running(Flask("rp")))  # its pages are of no interest
    handler = RPHandler(
        base_url=url,
        keyjar=KeyJar(),  # or it would write keys of its own into a file
        client_configs={issuer: config_for(issuer, url)},
        services={**DEFAULT_OIDC_SERVICES, "end_session": END_SESSION},
    )
    return RelyingParty(url=url, issuer=issuer, handler=handler)


def config_for(issuer: str, url: str) -> dict[str, object]:
    return {
        "issuer": issuer,
        "client_id": "rp",
        "client_secret": SECRET,
        "client_type": "oidc",
        "client_authn_methods": ["client_secret_basic"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "redirect_uris": [f"{url}/callback"],
        "post_logout_redirect_uris": [f"{url}/bye"],
        "response_types_supported": ["code"],
        "scopes_supported": SCOPE,
        "add_ons": {"pkce": PKCE},
    }


def test_idpyoidc_signs_in(rp: RelyingParty, visitor: Visitor) -> None:
    outcome = rp.asked_of(visitor, ALLOW)

    assert outcome.question["code_challenge_method"] == "S256"
    assert outcome.got["userinfo"].to_dict() == {
        "sub": "alice",
        "name": "Alice Example",
    }
    id_token = outcome.got["id_token"]
    assert (id_token["iss"], id_token["aud"]) == (rp.issuer, ["rp"])
    assert (id_token["sub"], id_token["nonce"]) == (
        "alice",
        outcome.question["nonce"],
    )


def test_idpyoidc_is_told_that_the_user_said_no(
    rp: RelyingParty, visitor: Visitor
) -> None:
    outcome = rp.asked_of(visitor, DENY)

    assert outcome.got == {
        "error": "access_denied",
        "state": outcome.question["state"],
    }
    assert outcome.answer["iss"] == rp.issuer  # also beside an error (RFC 9207 §2)


def test_idpyoidc_refreshes(rp: RelyingParty, visitor: Visitor) -> None:
    got = rp.asked_of(visitor, ALLOW).got

    told = rp.handler.refresh_access_token(got["state"])

    assert told["access_token"] != got["token"]
    assert told["__verified_id_token"]["auth_time"] == got["id_token"]["auth_time"]
    me = rp.handler.get_user_info(got["state"], access_token=told["access_token"])
    assert me.to_dict() == {"sub": "alice", "name": "Alice Example"}


def test_idpyoidc_signs_out_and_is_led_back(rp: RelyingParty, visitor: Visitor) -> None:
    got = rp.asked_of(visitor, ALLOW).got

    question = rp.handler.logout(got["state"])["url"]
    page = visitor.open(question)

    state = parameters_of(question)["state"]
    assert page.url == f"{rp.url}/bye?state={state}"
    again = visitor.open(rp.handler.begin(rp.issuer))
    assert again.url.startswith(f"{rp.issuer}/login")
