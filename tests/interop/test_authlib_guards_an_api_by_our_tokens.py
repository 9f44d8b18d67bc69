"""An API that Authlib guards lets in whom our JWT access tokens allow (RFC 9068)."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
from authlib.integrations.flask_oauth2 import ResourceProtector
from authlib.integrations.flask_oauth2 import current_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc9068 import JWTBearerTokenValidator
from flask import Flask
from flask.typing import ResponseReturnValue
from joserfc.jwk import KeySet

from oauthapp.settings import Client
from tests.interop.alice import metadata_of

API = "https://api.example"


@pytest.fixture
def issuer(issuer_for: Callable[[Client], str]) -> str:
    return issuer_for(
        Client(
            client_id="job",
            client_secret="its-secret",
            grant_types=["client_credentials"],
            scope="read write",
            access_token_format="jwt",
            audience=API,
        )
    )


def api_at(issuer: str, name: str) -> Flask:
    """Somebody's API that goes by `name` and believes our provider's tokens."""

    class OurTokens(JWTBearerTokenValidator):
        def get_jwks(self) -> KeySet:
            keys = requests.get(metadata_of(issuer)["jwks_uri"], timeout=5)
            return KeySet.import_key_set(keys.json())

    app, guard = Flask("api"), ResourceProtector()
    guard.register_token_validator(OurTokens(issuer, name))

    @app.get("/read")
    @guard("read")
    def read() -> ResponseReturnValue:
        return {"sub": current_token["sub"], "scope": current_token["scope"]}

    return app


def answer_of(api: Flask, issuer: str, *, scope: str) -> tuple[int, dict[str, Any]]:
    """What the API says to the client with a new token of its own."""
    with OAuth2Session("job", "its-secret", scope=scope) as session:
        token = session.fetch_token(
            metadata_of(issuer)["token_endpoint"], grant_type="client_credentials"
        )
    bearer = {"Authorization": f"Bearer {token['access_token']}"}
    answer = api.test_client().get("/read", headers=bearer)
    return answer.status_code, answer.get_json()


def test_authlibs_guard_lets_a_clients_own_token_in(issuer: str) -> None:
    status, told = answer_of(api_at(issuer, API), issuer, scope="read")

    assert (status, told) == (200, {"sub": "job", "scope": "read"})


def test_authlibs_guard_refuses_a_token_for_another_api(issuer: str) -> None:
    elsewhere = api_at(issuer, "https://other.example")
    status, told = answer_of(elsewhere, issuer, scope="read")

    assert (status, told["error"]) == (401, "invalid_token")


def test_authlibs_guard_refuses_a_token_that_may_not_read(issuer: str) -> None:
    status, told = answer_of(api_at(issuer, API), issuer, scope="write")

    assert (status, told["error"]) == (403, "insufficient_scope")
