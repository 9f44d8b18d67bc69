"""A Flask application with requests-oauthlib, for an API and without an id_token."""

from typing import Any

import pytest
from flask import Flask
from flask import redirect
from flask import request
from flask import session
from oauthlib.oauth2 import WebApplicationClient
from requests_oauthlib import OAuth2Session

from oauthapp.testing.provider import OAuthProvider

CALLBACK = "http://localhost/callback"


@pytest.fixture
def app(oauth_provider: OAuthProvider, monkeypatch: pytest.MonkeyPatch) -> Flask:
    # oauthlib wants to be told that plain http on this machine is meant.
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    app = Flask(__name__)
    app.secret_key = "only for tests"
    client = oauth_provider.client(CALLBACK)
    issuer = oauth_provider.issuer

    def session_at_provider(**known: Any) -> OAuth2Session:
        return OAuth2Session(
            client.client_id, redirect_uri=CALLBACK, scope=["openid", "email"], **known
        )

    @app.get("/login")
    def begin() -> Any:
        pkce = WebApplicationClient(client.client_id)
        session["verifier"] = pkce.create_code_verifier(43)
        with session_at_provider() as oauth:
            url, session["state"] = oauth.authorization_url(
                f"{issuer}/authorize",
                code_challenge=pkce.create_code_challenge(session["verifier"], "S256"),
                code_challenge_method="S256",
            )
        return redirect(url)

    @app.get("/callback")
    def callback() -> Any:
        with session_at_provider(state=session.pop("state")) as oauth:
            oauth.fetch_token(
                f"{issuer}/token",
                authorization_response=request.url,
                client_secret=client.client_secret,
                code_verifier=session.pop("verifier"),
            )
            return oauth.get(f"{issuer}/userinfo").json()["email"]

    return app


def test_alice_signs_in(app: Flask, oauth_provider: OAuthProvider) -> None:
    answer = oauth_provider.sign_in(app.test_client(), "/login")

    assert answer.text == "alice@example.com"
