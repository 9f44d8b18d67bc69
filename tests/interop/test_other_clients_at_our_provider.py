"""Clients that no one here wrote sign in at our provider."""

from collections.abc import Callable
from collections.abc import Iterator

import pytest
import requests
from requests_oauthlib import OAuth2Session

from oauthapp.settings import Client
from oauthapp.visitor import Visitor

REDIRECT_URI = "http://localhost:9/callback"


@pytest.fixture
def issuer(
    issuer_for: Callable[[Client], str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    # oauthlib wants to be told that plain http on this machine is meant.
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    yield issuer_for(
        Client(
            client_id="theirs",
            client_secret="s",
            redirect_uris=[REDIRECT_URI],
        )
    )


@pytest.fixture
def client() -> Iterator[OAuth2Session]:
    session = OAuth2Session(
        "theirs", redirect_uri=REDIRECT_URI, scope=["openid", "profile"], pkce="S256"
    )
    yield session
    session.close()


def test_requests_oauthlib_signs_in(
    issuer: str, client: OAuth2Session, visitor: Visitor
) -> None:
    metadata = _metadata(issuer)
    url, state = client.authorization_url(metadata["authorization_endpoint"])
    answer = _allow(visitor, url)

    token = client.fetch_token(
        metadata["token_endpoint"],
        authorization_response=answer,
        client_secret="s",
    )
    me = client.get(metadata["userinfo_endpoint"]).json()

    assert token["token_type"] == "Bearer"
    assert token["id_token"].count(".") == 2
    assert me == {"sub": "alice", "name": "Alice Example"}
    assert f"state={state}" in answer


def test_requests_oauthlib_is_told_that_the_user_said_no(
    issuer: str, client: OAuth2Session, visitor: Visitor
) -> None:
    url, _state = client.authorization_url(_metadata(issuer)["authorization_endpoint"])
    answer = _decide(visitor, url, "deny")

    assert "error=access_denied" in answer


def _metadata(issuer: str) -> dict[str, str]:
    url = f"{issuer}/.well-known/openid-configuration"
    metadata: dict[str, str] = requests.get(url, timeout=5).json()
    return metadata


def _allow(visitor: Visitor, url: str) -> str:
    return _decide(visitor, url, "allow")


def _decide(visitor: Visitor, url: str, decision: str) -> str:
    """Where the browser would be sent."""
    visitor.open(url)
    visitor.submit({"username": "alice", "password": "secret"})
    return visitor.redirect_of({}, button=("decision", decision))
