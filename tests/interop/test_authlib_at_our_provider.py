"""Authlib signs in and out at our provider, and uses its tokens."""

from collections.abc import Callable
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from authlib.integrations.flask_client import OAuth
from authlib.integrations.flask_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from flask import Flask
from flask.typing import ResponseReturnValue

from oauthapp.serving import Server
from oauthapp.settings import Client
from oauthapp.visitor import Visitor
from tests.interop.alice import ALICE
from tests.interop.alice import ALLOW
from tests.interop.alice import DENY
from tests.interop.alice import metadata_of

SECRET = "its-secret"
SCOPE = "openid profile offline_access"


@dataclass(frozen=True, kw_only=True)
class Shop:
    """A small Flask app that signs its visitors in by Authlib."""

    url: str
    issuer: str
    metadata: dict[str, str]

    def sign_in(self, visitor: Visitor) -> dict[str, Any]:
        """What Authlib got."""
        visitor.open(f"{self.url}/login")
        visitor.submit(ALICE)
        page = visitor.submit({}, button=ALLOW)
        assert page.url.startswith(f"{self.url}/callback?"), page.text
        got: dict[str, Any] = page.json()
        return got

    def introspect(self, session: OAuth2Session, token: str) -> dict[str, Any]:
        url = self.metadata["introspection_endpoint"]
        told: dict[str, Any] = session.introspect_token(url, token=token).json()
        return told


@pytest.fixture
def shop(stack: ExitStack, issuer_for: Callable[[Client], str]) -> Shop:
    server = Server("localhost", 0)
    url = f"http://localhost:{server.port}"
    issuer = issuer_for(
        Client(
            client_id="shop",
            client_secret=SECRET,
            redirect_uris=[f"{url}/callback"],
            post_logout_redirect_uris=[f"{url}/bye"],
            scope=SCOPE,
        )
    )
    stack.enter_context(server.running(shop_at(issuer, url)))
    return Shop(url=url, issuer=issuer, metadata=metadata_of(issuer))


def shop_at(issuer: str, url: str) -> Flask:
    app = Flask("shop")
    app.secret_key = "shop"
    provider = OAuth(app).register(
        "ours",
        client_id="shop",
        client_secret=SECRET,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": SCOPE, "code_challenge_method": "S256"},
    )

    @app.get("/login")
    def login() -> Any:
        return provider.authorize_redirect(f"{url}/callback")

    @app.get("/callback")
    def callback() -> ResponseReturnValue:
        token = provider.authorize_access_token()
        return {**token, "from_endpoint": provider.userinfo(token=token)}

    @app.get("/logout/<id_token>")
    def logout(id_token: str) -> Any:
        return provider.logout_redirect(f"{url}/bye", id_token_hint=id_token)

    @app.get("/bye")
    def bye() -> str:
        provider.validate_logout_response()
        return "Bye"

    @app.errorhandler(OAuthError)
    def say_why(error: OAuthError) -> ResponseReturnValue:
        return {"error": error.error}, 403

    return app


@pytest.fixture
def session(shop: Shop) -> Iterator[OAuth2Session]:
    """The shop's own, at its back."""
    with OAuth2Session("shop", SECRET) as one:
        yield one


def test_authlibs_flask_app_signs_in(shop: Shop, visitor: Visitor) -> None:
    got = shop.sign_in(visitor)

    assert got["from_endpoint"] == {"sub": "alice", "name": "Alice Example"}
    # `userinfo` is what it verified in the id_token.
    assert (got["userinfo"]["iss"], got["userinfo"]["sub"]) == (shop.issuer, "alice")
    assert got["userinfo"]["nonce"]
    assert got["scope"] == SCOPE


def test_authlibs_flask_app_sends_a_code_challenge(shop: Shop) -> None:
    answer = requests.get(f"{shop.url}/login", allow_redirects=False, timeout=5)

    assert "&code_challenge_method=S256" in answer.headers["Location"]


def test_authlibs_flask_app_is_told_that_the_user_said_no(
    shop: Shop, visitor: Visitor
) -> None:
    visitor.open(f"{shop.url}/login")
    visitor.submit(ALICE)
    page = visitor.submit({}, button=DENY)

    assert (page.status_code, page.json()) == (403, {"error": "access_denied"})


def test_authlibs_flask_app_signs_out_and_is_led_back(
    shop: Shop, visitor: Visitor
) -> None:
    id_token = shop.sign_in(visitor)["id_token"]

    page = visitor.open(f"{shop.url}/logout/{id_token}")

    assert (page.text, page.url.partition("?")[0]) == ("Bye", f"{shop.url}/bye")
    assert visitor.open(f"{shop.url}/login").url.startswith(f"{shop.issuer}/login")


def test_authlib_refreshes(
    shop: Shop, session: OAuth2Session, visitor: Visitor
) -> None:
    first = shop.sign_in(visitor)
    session.token = first

    second = session.refresh_token(shop.metadata["token_endpoint"])

    assert second["refresh_token"] != first["refresh_token"]
    assert second["access_token"] != first["access_token"]
    me = session.get(shop.metadata["userinfo_endpoint"]).json()
    assert me == {"sub": "alice", "name": "Alice Example"}


def test_authlib_asks_about_a_token_and_ends_it(
    shop: Shop, session: OAuth2Session, visitor: Visitor
) -> None:
    got = shop.sign_in(visitor)
    before = shop.introspect(session, got["access_token"])

    url = shop.metadata["revocation_endpoint"]
    answer = session.revoke_token(
        url, token=got["refresh_token"], token_type_hint="refresh_token"
    )

    assert answer.status_code == 200
    assert before["active"] is True
    assert (before["sub"], before["client_id"]) == ("alice", "shop")
    for token in ("access_token", "refresh_token"):
        assert shop.introspect(session, got[token]) == {"active": False}
