"""A FastAPI application with Authlib, signed in at by its TestClient (Starlette's)."""

from collections.abc import Iterator
from typing import Any

import pytest
from authlib.integrations.starlette_client import OAuth
from fastapi import FastAPI
from fastapi import Request
from fastapi.testclient import TestClient
from starlette.middleware.sessions import SessionMiddleware

from oauthapp.testing.provider import OAuthProvider

CALLBACK = "http://testserver/callback"


@pytest.fixture
def browser(oauth_provider: OAuthProvider) -> Iterator[TestClient]:
    app = FastAPI()
    app.add_middleware(SessionMiddleware, secret_key="only for tests")
    client = oauth_provider.client(CALLBACK)
    login = OAuth().register(
        "login",
        client_id=client.client_id,
        client_secret=client.client_secret,
        server_metadata_url=oauth_provider.discovery_url,
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256"},
    )

    @app.get("/login")
    async def begin(request: Request) -> Any:
        return await login.authorize_redirect(request, CALLBACK)

    @app.get("/callback")
    async def callback(request: Request) -> str:
        token = await login.authorize_access_token(request)
        request.session["user"] = token["userinfo"]["sub"]
        return f"hello, {request.session['user']}"

    with TestClient(app) as browser:
        yield browser


def test_alice_signs_in(browser: TestClient, oauth_provider: OAuthProvider) -> None:
    answer = oauth_provider.sign_in(browser, "/login")

    assert answer.json() == "hello, alice"
