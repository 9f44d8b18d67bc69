"""Pending logins: each is kept once and taken once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from oauthapp.callbacks.redirect.store import GRACE
from oauthapp.callbacks.redirect.store import forget_expired
from oauthapp.callbacks.redirect.store import keep
from oauthapp.callbacks.redirect.store import take
from oauthapp.callbacks.redirect.verify import PendingLogin
from oauthapp.database import open_database
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.schema.app import app_tables
from oauthapp.schema.app import pending_logins

NOW = 1_700_000_000.0
LOGIN = PendingLogin(
    provider="demo",
    issuer="https://op.example",
    redirect_uri="http://localhost:5000/callback/demo",
    nonce="n",
    code_verifier="v",
    browser_hash="b",
    next="/",
    created_at=NOW,
)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/app.sqlite", app_tables)
    yield engine
    engine.dispose()


def kept(engine: Engine, state: str, login: PendingLogin = LOGIN) -> None:
    with writing(engine) as connection:
        keep(connection, state, login)


def taken(engine: Engine, state: str) -> PendingLogin | None:
    with writing(engine) as connection:
        return take(connection, state)


def test_what_was_kept_is_taken_unchanged(engine: Engine) -> None:
    kept(engine, "s")

    assert taken(engine, "s") == LOGIN


def test_what_was_taken_is_gone(engine: Engine) -> None:
    kept(engine, "s")
    taken(engine, "s")

    assert taken(engine, "s") is None


def test_taking_one_login_leaves_the_others(engine: Engine) -> None:
    kept(engine, "one", replace(LOGIN, next="/one"))
    kept(engine, "two", replace(LOGIN, next="/two"))
    taken(engine, "one")

    assert taken(engine, "two") == replace(LOGIN, next="/two")


@pytest.mark.parametrize("state", ["", "S", "s ", "s%", "' OR '1'='1"])
def test_a_state_that_was_not_kept_takes_nothing(engine: Engine, state: str) -> None:
    kept(engine, "s")

    assert taken(engine, state) is None
    assert taken(engine, "s") == LOGIN


def test_a_state_cannot_be_kept_twice(engine: Engine) -> None:
    kept(engine, "s")

    with pytest.raises(IntegrityError):
        kept(engine, "s")


def test_of_eight_at_once_one_takes_it(engine: Engine) -> None:
    kept(engine, "s")

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: taken(engine, "s"), range(8)))

    assert [one for one in found if one] == [LOGIN]


def test_a_take_that_is_rolled_back_takes_nothing(engine: Engine) -> None:
    kept(engine, "s")

    with pytest.raises(ZeroDivisionError), writing(engine) as connection:
        take(connection, "s")
        raise ZeroDivisionError

    assert taken(engine, "s") == LOGIN


def test_the_state_itself_is_not_stored(engine: Engine) -> None:
    kept(engine, "the-state")

    with reading(engine) as connection:
        row = connection.execute(select(pending_logins)).one()
    assert "the-state" not in str(row)


def test_only_logins_past_their_time_and_grace_are_forgotten(engine: Engine) -> None:
    kept(engine, "old", replace(LOGIN, created_at=NOW - 600 - GRACE - 1))
    kept(engine, "late", replace(LOGIN, created_at=NOW - 600 - GRACE))
    kept(engine, "fresh")

    with writing(engine) as connection:
        forget_expired(connection, now=NOW, login_ttl=600)
        count = select(func.count()).select_from(pending_logins)
        assert connection.execute(count).scalar() == 2

    assert taken(engine, "old") is None
    assert taken(engine, "late")
    assert taken(engine, "fresh")
