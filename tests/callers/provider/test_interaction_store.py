"""Requests wait in their browser, are answered once, and consents add up."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine
from sqlalchemy import func
from sqlalchemy import select

from oauthapp.callers.provider import interaction_store as store
from oauthapp.callers.provider.interaction_store import INTERACTION_TTL
from oauthapp.callers.provider.interaction_store import Interaction
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.schema.provider import interactions

NOW = 1_700_000_000.0
WAITING = Interaction(
    parameters_jwe="sealed",
    browser_hash="b",
    created_at=NOW,
)


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

    with reading(database) as connection:
        counted = select(func.count()).select_from(interactions)
        assert connection.execute(counted).scalar_one() == 1


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
