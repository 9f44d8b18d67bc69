"""requests-oauthlib signs in at our provider, with a secret and without."""

from collections.abc import Callable
from collections.abc import Iterator

import pytest
from oauthlib.oauth2 import AccessDeniedError
from requests_oauthlib import OAuth2Session

from oauthapp.settings import Client
from oauthapp.visitor import Visitor
from tests.interop.alice import ALLOW
from tests.interop.alice import DENY
from tests.interop.alice import decide
from tests.interop.alice import metadata_of

REDIRECT_URI = "http://localhost:9/callback"
SCOPE = ["openid", "profile", "offline_access"]
WITH_SECRET = Client(
    client_id="theirs", client_secret="s", redirect_uris=[REDIRECT_URI]
)
PUBLIC = Client(
    client_id="theirs",
    token_endpoint_auth_method="none",
    redirect_uris=[REDIRECT_URI],
)


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[OAuth2Session]:
    # oauthlib wants to be told that plain http on this machine is meant.
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    with OAuth2Session(
        "theirs", redirect_uri=REDIRECT_URI, scope=SCOPE, pkce="S256"
    ) as one:
        yield one


def test_requests_oauthlib_signs_in(
    issuer_for: Callable[[Client], str], session: OAuth2Session, visitor: Visitor
) -> None:
    metadata = metadata_of(issuer_for(WITH_SECRET))
    answer = answer_to(session, metadata, visitor)

    token = session.fetch_token(
        metadata["token_endpoint"], authorization_response=answer, client_secret="s"
    )

    assert token["token_type"] == "Bearer"
    assert token["id_token"].count(".") == 2
    assert session.get(metadata["userinfo_endpoint"]).json() == {
        "sub": "alice",
        "name": "Alice Example",
    }


def test_requests_oauthlib_refreshes(
    issuer_for: Callable[[Client], str], session: OAuth2Session, visitor: Visitor
) -> None:
    metadata = metadata_of(issuer_for(WITH_SECRET))
    answer = answer_to(session, metadata, visitor)
    url = metadata["token_endpoint"]
    first = session.fetch_token(url, authorization_response=answer, client_secret="s")

    # A refresh says who asks only when it is given that again.
    second = session.refresh_token(url, auth=("theirs", "s"))

    assert_was_refreshed(session, metadata, first, second)


def test_requests_oauthlib_needs_no_secret_where_none_was_registered(
    issuer_for: Callable[[Client], str], session: OAuth2Session, visitor: Visitor
) -> None:
    metadata = metadata_of(issuer_for(PUBLIC))
    answer = answer_to(session, metadata, visitor)
    url = metadata["token_endpoint"]
    # Untold, it would send its name with an empty password instead.
    first = session.fetch_token(
        url, authorization_response=answer, include_client_id=True
    )

    second = session.refresh_token(url, client_id="theirs")

    assert_was_refreshed(session, metadata, first, second)


def test_requests_oauthlib_is_told_that_the_user_said_no(
    issuer_for: Callable[[Client], str], session: OAuth2Session, visitor: Visitor
) -> None:
    metadata = metadata_of(issuer_for(WITH_SECRET))
    answer = answer_to(session, metadata, visitor, DENY)

    with pytest.raises(AccessDeniedError):
        session.fetch_token(
            metadata["token_endpoint"], authorization_response=answer, client_secret="s"
        )


def answer_to(
    session: OAuth2Session,
    metadata: dict[str, str],
    visitor: Visitor,
    decision: tuple[str, str] = ALLOW,
) -> str:
    """The address with our provider's answer; requests-oauthlib compares `state`."""
    endpoint = metadata["authorization_endpoint"]
    url, _state = session.authorization_url(endpoint)
    return decide(visitor, url, decision)


def assert_was_refreshed(
    session: OAuth2Session,
    metadata: dict[str, str],
    first: dict[str, str],
    second: dict[str, str],
) -> None:
    assert second["access_token"] != first["access_token"]
    assert second["refresh_token"] != first["refresh_token"]
    me = session.get(metadata["userinfo_endpoint"]).json()
    assert me == {"sub": "alice", "name": "Alice Example"}
