"""What is kept of a login: found by its secret, taken once, forgotten in time."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy import func
from sqlalchemy import select

from oauthapp.callers.provider import store
from oauthapp.callers.provider.store import INTERACTION_TTL
from oauthapp.callers.provider.store import Code
from oauthapp.callers.provider.store import Interaction
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.schema.provider import access_tokens
from oauthapp.schema.provider import authorization_codes
from oauthapp.schema.provider import interactions

NOW = 1_700_000_000.0
WAITING = Interaction(
    parameters=(("state", "\udcff\0"), ("x", "1"), ("x", "2")),
    browser_hash="b",
    created_at=NOW,
)
CODE = Code(
    client_id="web",
    sub="alice",
    sid="s",
    scope="openid",
    auth_time=int(NOW),
    redirect_uri="http://localhost:5000/cb",
    nonce=None,
    code_challenge="c",
    expires_at=NOW + 60,
)


def count(database: Engine, table: Any) -> int:
    with reading(database) as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def redeem(database: Engine, code: str, token: str) -> bool:
    with writing(database) as connection:
        return store.redeem(
            connection,
            code=code,
            access_token=token,
            granted=CODE,
            issued_at=int(NOW),
            expires_at=NOW + 100,
        )


def found(database: Engine, token: str, now: float = NOW) -> tuple[str, str] | None:
    with reading(database) as connection:
        return store.find_token(connection, token, now=now)


@pytest.mark.parametrize(
    ("wait", "there"), [(INTERACTION_TTL, True), (INTERACTION_TTL + 1, False)]
)
def test_a_question_waits_as_it_was_sent_but_not_for_ever(
    database: Engine, wait: float, there: bool
) -> None:
    with writing(database) as connection:
        store.keep_interaction(connection, "id", WAITING)
    with reading(database) as connection:
        kept = store.find_interaction(connection, "id", now=NOW + wait)

    assert kept == (WAITING if there else None)


def test_questions_that_nobody_answered_are_removed(database: Engine) -> None:
    later = replace(WAITING, created_at=NOW + INTERACTION_TTL + 1)
    with writing(database) as connection:
        store.keep_interaction(connection, "old", WAITING)
        store.keep_interaction(connection, "new", later)

    assert count(database, interactions) == 1


def test_a_question_is_answered_once(database: Engine) -> None:
    with writing(database) as connection:
        store.keep_interaction(connection, "id", WAITING)
        answers = [store.take_interaction(connection, "id") for _ in range(2)]

    assert answers == [True, False]


def test_consent_adds_up_for_each_user_and_client_apart(database: Engine) -> None:
    given = [
        ("alice", "web", "openid"),
        ("alice", "native", "phone"),
        ("bob", "web", "address"),
        ("alice", "web", "email"),
    ]
    with writing(database) as connection:
        for sub, client_id, scope in given:
            store.keep_consent(
                connection, sub=sub, client_id=client_id, scope=scope, now=NOW
            )
        kept = {
            (sub, client_id): store.consented_scope(
                connection, sub=sub, client_id=client_id
            )
            for sub in ("alice", "bob")
            for client_id in ("web", "native")
        }

    assert kept == {
        ("alice", "web"): {"openid", "email"},
        ("alice", "native"): {"phone"},
        ("bob", "web"): {"address"},
        ("bob", "native"): frozenset(),
    }


def test_a_code_is_found_as_it_was_kept_also_when_taken(database: Engine) -> None:
    with writing(database) as connection:
        store.keep_code(connection, "code", CODE)
        assert store.find_code(connection, "code") == CODE
        assert store.find_code(connection, "another") is None
    redeem(database, "code", "token")
    with reading(database) as connection:
        assert store.find_code(connection, "code") == replace(CODE, taken=True)


def test_a_replay_revokes_what_came_of_that_code_and_nothing_else(
    database: Engine,
) -> None:
    with writing(database) as connection:
        store.keep_code(connection, "code", CODE)
        store.keep_code(connection, "another", CODE)

    assert redeem(database, "another", "kept")
    assert redeem(database, "code", "first")
    assert not redeem(database, "code", "second")
    assert found(database, "first") is None
    assert found(database, "second") is None
    assert found(database, "kept") == ("alice", "openid")


@pytest.mark.parametrize(("age", "good"), [(99.9, True), (100, False)])
def test_a_token_is_good_until_it_expires(
    database: Engine, age: float, good: bool
) -> None:
    with writing(database) as connection:
        store.keep_code(connection, "code", CODE)
    redeem(database, "code", "token")

    assert (found(database, "token", NOW + age) is not None) is good


@pytest.mark.parametrize(
    ("age", "codes", "tokens"), [(60, 2, 1), (61, 1, 1), (100, 1, 1), (101, 0, 0)]
)
def test_a_code_is_forgotten_when_nothing_lives_that_came_of_it(
    database: Engine, age: float, codes: int, tokens: int
) -> None:
    with writing(database) as connection:
        store.keep_code(connection, "redeemed", CODE)
        store.keep_code(connection, "never fetched", CODE)
    redeem(database, "redeemed", "token")
    with writing(database) as connection:
        store.forget_expired(connection, now=NOW + age)

    assert count(database, authorization_codes) == codes
    assert count(database, access_tokens) == tokens
