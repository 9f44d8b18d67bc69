"""A Flask application with Authlib, signed in at by Flask's own test client."""

from typing import Any

import pytest
from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask
from flask import session

from oauthapp.testing.provider import OAuthProvider

CALLBACK = "http://localhost/callback"


@pytest.fixture
def app(oauth_provider: OAuthProvider) -> Flask:
    app = Flask(__name__)
    app.secret_key = "only for tests"
    client = oauth_provider.client(CALLBACK)
    login = OAuth(app).register(
        "login",
        client_id=client.client_id,
        client_secret=client.client_secret,
        server_metadata_url=oauth_provider.discovery_url,
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256"},
    )

    @app.get("/login")
    def begin() -> Any:
        return login.authorize_redirect(CALLBACK)

    @app.get("/callback")
    def callback() -> Any:
        try:
            session["user"] = login.authorize_access_token()["userinfo"]["sub"]
        except OAuthError as error:
            return error.error, 403
        return f"hello, {session['user']}"

    return app


def test_bob_signs_in(app: Flask, oauth_provider: OAuthProvider) -> None:
    answer = oauth_provider.sign_in(app.test_client(), "/login", as_="bob")

    assert answer.text == "hello, bob"


def test_alice_says_no(app: Flask, oauth_provider: OAuthProvider) -> None:
    oauth_provider.deny()

    answer = oauth_provider.sign_in(app.test_client(), "/login")

    assert (answer.status_code, answer.text) == (403, "access_denied")
    oauth_provider.requests.assert_none("/token")
