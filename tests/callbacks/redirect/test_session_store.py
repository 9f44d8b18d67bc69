"""Sessions: found by the hash of their id, until they end."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy import MetaData
from sqlalchemy import insert
from sqlalchemy import select

from oauthapp.callbacks.redirect.session_store import Announcement
from oauthapp.callbacks.redirect.session_store import SignedIn
from oauthapp.callbacks.redirect.session_store import end_oldest
from oauthapp.callbacks.redirect.session_store import find_announcement
from oauthapp.callbacks.redirect.session_store import find_session
from oauthapp.callbacks.redirect.session_store import forget_expired_sessions
from oauthapp.callbacks.redirect.session_store import keep_session
from oauthapp.callbacks.redirect.session_store import remove_session
from oauthapp.database import open_database
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.schema.app import announced_sessions
from oauthapp.schema.app import app_sessions
from oauthapp.schema.app import app_tables

NOW = 1_700_000_000.0
ALICE = SignedIn(
    provider="demo",
    issuer="https://op.example",
    sub="alice",
    sid="s1",
    claims={"name": "Alice", "address": {"country": "NO"}},
    created_at=NOW,
    expires_at=NOW + 100,
)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/app.sqlite", app_tables)
    with writing(engine) as connection:
        keep_session(connection, "the-id", ALICE)
    yield engine
    engine.dispose()


def found(engine: Engine, session_id: str, now: float = NOW) -> SignedIn | None:
    with reading(engine) as connection:
        return find_session(connection, session_id, now=now)


def test_a_session_is_found_unchanged_by_its_id(engine: Engine) -> None:
    assert found(engine, "the-id") == ALICE


@pytest.mark.parametrize("session_id", ["", "the-i", "THE-ID", "%"])
def test_another_id_finds_nobody(engine: Engine, session_id: str) -> None:
    assert found(engine, session_id) is None


def test_a_session_ends_when_its_time_has_come(engine: Engine) -> None:
    assert found(engine, "the-id", NOW + 99.9) == ALICE
    assert found(engine, "the-id", NOW + 100) is None


def test_the_session_id_itself_is_not_stored(engine: Engine) -> None:
    with reading(engine) as connection:
        assert "the-id" not in str(connection.execute(select(app_sessions)).one())


def test_the_stored_hash_is_no_session_id(engine: Engine) -> None:
    with reading(engine) as connection:
        stored = connection.execute(select(app_sessions.c.id_hash)).scalar_one()

    assert found(engine, stored) is None


def test_a_removed_session_is_gone_and_the_others_stay(engine: Engine) -> None:
    with writing(engine) as connection:
        keep_session(connection, "another-id", ALICE)
        remove_session(connection, "the-id")

    assert found(engine, "the-id") is None
    assert found(engine, "another-id") == ALICE


def test_only_expired_sessions_are_forgotten(engine: Engine) -> None:
    with writing(engine) as connection:
        keep_session(connection, "longer", replace(ALICE, expires_at=NOW + 101))
        forget_expired_sessions(connection, now=NOW + 100)
        left = connection.execute(select(app_sessions.c.expires_at)).scalars().all()

    assert left == [NOW + 101]


def announced(engine: Engine, sid: str, sub: str) -> None:
    row = {
        "source": "demo",
        "sid": sid,
        "sub": sub,
        "message_id": f"msg_{sid}_{sub}",
        "announced_at": NOW + 1,
    }
    with writing(engine) as connection:
        connection.execute(insert(announced_sessions), row)


def test_the_announcement_of_the_same_login_is_found(engine: Engine) -> None:
    announced(engine, "s2", "alice")
    announced(engine, "s1", "alice")

    with reading(engine) as connection:
        announcement = find_announcement(connection, ALICE)

    assert announcement == Announcement(
        source="demo", message_id="msg_s1_alice", announced_at=NOW + 1
    )


def test_an_announcement_of_somebody_else_is_not_ours(engine: Engine) -> None:
    announced(engine, "s1", "mallory")

    with reading(engine) as connection:
        assert find_announcement(connection, ALICE) is None


def test_a_session_without_sid_has_no_announcement(engine: Engine) -> None:
    announced(engine, "", "alice")

    with reading(engine) as connection:
        assert find_announcement(connection, replace(ALICE, sid=None)) is None


@pytest.fixture
def tables() -> MetaData:
    return app_tables


def test_a_users_oldest_sessions_end_and_nobody_elses(either: Engine) -> None:
    others = [
        replace(ALICE, sub="bob"),
        replace(ALICE, issuer="https://another.example"),
    ]
    with writing(either) as connection:
        for age in (3, 1, 2):
            session = replace(ALICE, created_at=NOW - age)
            keep_session(connection, f"alice {age}", session)
        for number, other in enumerate(others):
            keep_session(connection, f"other {number}", other)
        end_oldest(connection, ALICE, most=1)

    left = [
        name
        for name in ("alice 1", "alice 2", "alice 3", "other 0", "other 1")
        if found(either, name)
    ]
    assert left == ["alice 1", "other 0", "other 1"]
