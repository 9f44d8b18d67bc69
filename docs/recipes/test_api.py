"""An API that asks the provider about access tokens; nobody signs in by browser."""

from typing import Any

import pytest
import requests
from flask import Flask
from flask import request

from oauthapp.clock import MovableClock
from oauthapp.testing.provider import OAuthProvider


@pytest.fixture
def api(oauth_provider: OAuthProvider) -> Flask:
    app = Flask(__name__)

    @app.get("/me")
    def me() -> Any:
        asked = requests.get(
            f"{oauth_provider.issuer}/userinfo",
            headers={"Authorization": request.headers.get("Authorization", "")},
            timeout=5,
        )
        if asked.status_code != 200:
            return "", 401
        return asked.json()["sub"]

    return app


def test_a_token_opens_the_api_until_it_expires(
    api: Flask, oauth_provider: OAuthProvider, callback_clock: MovableClock
) -> None:
    client = oauth_provider.client("http://localhost/callback")
    token = oauth_provider.issue_tokens(client, "bob")["access_token"]
    headers = {"Authorization": f"Bearer {token}"}

    assert api.test_client().get("/me", headers=headers).text == "bob"
    callback_clock.advance(3600)
    assert api.test_client().get("/me", headers=headers).status_code == 401
