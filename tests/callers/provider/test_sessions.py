"""Who is signed in at the provider: by the store, not by the cookie alone."""

import pytest
from sqlalchemy import Engine
from sqlalchemy import func
from sqlalchemy import select

from oauthapp.callers.provider import session_store as store
from oauthapp.callers.provider.refusals import SignInRefused
from oauthapp.callers.provider.session_store import ProviderSession
from oauthapp.callers.provider.sessions import current_session
from oauthapp.callers.provider.sessions import sign_in
from oauthapp.callers.provider.sessions import sign_out
from oauthapp.callers.provider.sessions import this_browser
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.schema.provider import provider_sessions
from tests.attacks.house import Clock
from tests.attacks.provider_house import Provider

NOW = 1_700_000_000.0
ALICE = ProviderSession(
    session_ref="r", sub="alice", auth_time=NOW, expires_at=NOW + 10
)


def rows(provider: Provider) -> int:
    with reading(provider.services.database) as connection:
        counted = select(func.count()).select_from(provider_sessions)
        return connection.execute(counted).scalar_one()


@pytest.mark.parametrize(("age", "found"), [(9.9, ALICE), (10, None)])
def test_a_session_lives_until_it_expires(
    database: Engine, age: float, found: ProviderSession | None
) -> None:
    with writing(database) as connection:
        store.keep_session(connection, "id", ALICE)

    with reading(database) as connection:
        assert store.find_session(connection, "id", now=NOW + age) == found
        assert store.find_session(connection, "another", now=NOW) is None


def test_a_session_that_nobody_can_use_any_more_is_removed(provider: Provider) -> None:
    with writing(provider.services.database) as connection:
        store.keep_session(connection, "old", ALICE)
    provider.app.extensions["oauthapp"].clock.now = NOW + 11
    with provider.app.test_request_context():
        sign_in(provider.services, "alice", "wonderland")

    assert rows(provider) == 1


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("alice", "wrong"),
        ("alice", ""),
        ("alice", "wonderland "),
        ("alice", "builder"),
        ("nobody", ""),
        ("", ""),
        ("alicé", "wonderland"),
    ],
)
def test_a_wrong_name_or_password_signs_nobody_in(
    provider: Provider, username: str, password: str
) -> None:
    with provider.app.test_request_context():
        with pytest.raises(SignInRefused):
            sign_in(provider.services, username, password)
        assert current_session(provider.services) is None
    assert rows(provider) == 0


def test_signing_in_again_ends_the_session_before(
    provider: Provider, clock: Clock
) -> None:
    with provider.app.test_request_context():
        sign_in(provider.services, "alice", "wonderland")
        browser = this_browser()
        clock.now += 1
        sign_in(provider.services, "bob", "builder")
        session = current_session(provider.services)

        assert session is not None
        assert (session.sub, session.auth_time) == ("bob", clock.now)
        assert this_browser() == browser
    assert rows(provider) == 1


def test_signing_out_removes_the_session_from_the_store(provider: Provider) -> None:
    with provider.app.test_request_context():
        sign_in(provider.services, "alice", "wonderland")
        sign_out(provider.services)
        assert current_session(provider.services) is None
    assert rows(provider) == 0


def test_a_user_who_was_removed_from_the_settings_is_signed_out(
    provider: Provider,
) -> None:
    browser = provider.browser()
    browser.authorize()
    browser.log_in()
    provider.without("alice")

    assert browser.authorize().request.path == "/login"
