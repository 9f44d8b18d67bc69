"""Kept once, claimed by one at a time, never lost."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine
from sqlalchemy import select

from oauthapp.callbacks.webhook.evidence import Evidence
from oauthapp.callbacks.webhook.store import LEASE
from oauthapp.callbacks.webhook.store import MAX_TRIES
from oauthapp.callbacks.webhook.store import claim
from oauthapp.callbacks.webhook.store import fail
from oauthapp.callbacks.webhook.store import finish
from oauthapp.callbacks.webhook.store import keep
from oauthapp.callbacks.webhook.store import still_ours
from oauthapp.callbacks.webhook.verify import Message
from oauthapp.callbacks.webhook.verify import believe
from oauthapp.database import writing
from oauthapp.schema.app import inbox
from tests.statements import told_to

NOW = 1_700_000_000.0


@pytest.fixture
def message(sign):
    """Makes a believed message, in the only way there is."""

    def make(id: str = "msg_1") -> Message:
        sent = sign(id=id)
        secrets = ["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"]
        return believe(
            Evidence(secrets=secrets, headers=sent.headers, body=sent.body, now=NOW)
        )

    return make


def row(engine: Engine, id: str = "msg_1"):
    with engine.connect() as connection:
        return connection.execute(select(inbox).where(inbox.c.message_id == id)).one()


def test_a_message_is_new_once(engine, message) -> None:
    assert keep(engine, source="demo", message=message(), event_type="t", now=NOW)
    assert not keep(
        engine, source="demo", message=message(), event_type="t", now=NOW + 1
    )
    assert row(engine).received_at == NOW


def test_two_sources_may_use_the_same_id(engine, message) -> None:
    assert keep(engine, source="demo", message=message(), event_type="t", now=NOW)
    assert keep(engine, source="other", message=message(), event_type="t", now=NOW)


def test_a_claimed_message_is_nobody_elses_until_its_lease_ends(
    engine, message
) -> None:
    keep(engine, source="demo", message=message(), event_type="t", now=NOW)
    (one,) = claim(engine, now=NOW, limit=10)
    assert claim(engine, now=NOW + LEASE - 0.1, limit=10) == ()
    (again,) = claim(engine, now=NOW + LEASE, limit=10)
    assert (one.tries, again.tries) == (1, 2)


def test_who_lost_the_lease_cannot_settle_it(engine, message) -> None:
    keep(engine, source="demo", message=message(), event_type="t", now=NOW)
    (late,) = claim(engine, now=NOW, limit=1)
    (taker,) = claim(engine, now=NOW + LEASE, limit=1)
    fail(engine, late, reason="late", now=NOW + LEASE)
    with writing(engine) as connection:
        assert not still_ours(connection, [late])
        assert still_ours(connection, [late, taker]) == {("demo", "msg_1")}
        finish(connection, [taker], now=NOW + LEASE)
        assert not still_ours(connection, [taker])
    assert (row(engine).status, row(engine).reason) == ("done", "")


def test_eight_claiming_at_once_get_each_message_once(engine, message) -> None:
    for number in range(40):
        keep(
            engine,
            source="demo",
            message=message(f"msg_{number}"),
            event_type="t",
            now=NOW,
        )
    with ThreadPoolExecutor(8) as pool:
        lots = pool.map(lambda _: claim(engine, now=NOW, limit=7), range(8))
    ids = [one.message_id for lot in lots for one in lot]
    assert len(ids) == len(set(ids)) == 40


def test_the_longest_due_come_first_and_no_more_than_asked_for(engine, message) -> None:
    for number in range(5):
        keep(
            engine,
            source="demo",
            message=message(f"m{number}"),
            event_type="t",
            now=NOW - number,
        )
    claimed = claim(engine, now=NOW, limit=2)
    assert [one.message_id for one in claimed] == ["m4", "m3"]


def test_any_number_of_them_is_claimed_by_few_statements(engine, message) -> None:
    with told_to(engine) as texts:
        for number in range(1, 9):
            for one in range(number):
                kept = message(f"m{number}_{one}")
                keep(engine, source="demo", message=kept, event_type="t", now=NOW)
            assert len(claim(engine, now=NOW, limit=10)) == number

    updates = [text for text in texts if text.startswith("UPDATE")]
    assert len(updates) == 4  # of 1, 2, 4 and 8


def test_pauses_grow_and_after_the_last_try_a_message_is_dead(engine, message) -> None:
    keep(engine, source="demo", message=message(), event_type="t", now=NOW)
    now, pauses = NOW, []
    for _ in range(MAX_TRIES):
        (one,) = claim(engine, now=now, limit=1)
        fail(engine, one, reason="broken", now=now)
        pauses.append(row(engine).due_at - now)
        now = row(engine).due_at
    assert pauses[:-1] == [2, 4, 8, 16, 32, 64, 128, 256, 300]
    assert (row(engine).status, row(engine).reason) == ("dead", "broken")
    assert claim(engine, now=now + 10_000, limit=1) == ()


def test_one_that_was_tried_before_goes_alone_and_the_fresh_ones_together(
    engine, message
) -> None:
    for number in range(3):
        keep(
            engine,
            source="demo",
            message=message(f"old{number}"),
            event_type="t",
            now=NOW,
        )
    assert len(claim(engine, now=NOW, limit=10)) == 3  # and the worker dies
    later = NOW + LEASE + 1
    for number in range(2):
        keep(
            engine,
            source="demo",
            message=message(f"new{number}"),
            event_type="t",
            now=later,
        )

    lots = [claim(engine, now=later, limit=10) for _ in range(4)]

    ids = [sorted(one.message_id for one in lot) for lot in lots]
    assert sorted(ids[:3]) == [["old0"], ["old1"], ["old2"]]
    assert ids[3] == ["new0", "new1"]


def test_eight_keeping_the_same_at_once_are_told_new_once(engine, message) -> None:
    ids = [f"msg_{number % 5}" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        new = list(
            pool.map(
                lambda id: keep(
                    engine, source="demo", message=message(id), event_type="t", now=NOW
                ),
                ids,
            )
        )
    assert sum(new) == 5
