"""A kept message has its effect once, whatever happens in between."""

from collections.abc import Callable
from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import contextmanager
from itertools import count

import pytest
from sqlalchemy import Engine
from sqlalchemy import event
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from oauthapp.app_workers import app_worker
from oauthapp.callbacks.webhook.evidence import Evidence
from oauthapp.callbacks.webhook.process import process
from oauthapp.callbacks.webhook.store import LEASE
from oauthapp.callbacks.webhook.store import MAX_TRIES
from oauthapp.callbacks.webhook.store import Claimed
from oauthapp.callbacks.webhook.store import claim
from oauthapp.callbacks.webhook.store import keep
from oauthapp.callbacks.webhook.verify import believe
from oauthapp.database import insert_once
from oauthapp.schema.app import announced_sessions
from oauthapp.schema.app import inbox

NOW = 1_700_000_000.0


@pytest.fixture
def claimed(engine: Engine, sign) -> Callable[..., Claimed]:
    """Keeps a signed message and claims it."""

    def make(**how: object) -> Claimed:
        sent = sign(**how)
        secrets = ["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"]
        message = believe(
            Evidence(secrets=secrets, headers=sent.headers, body=sent.body, now=NOW)
        )
        type = str(how.get("type", "session.created"))
        keep(engine, source="demo", message=message, event_type=type, now=NOW)
        (one,) = claim(engine, now=NOW, limit=1)
        return one

    return make


def effects(engine: Engine) -> list:
    with engine.connect() as connection:
        return list(connection.execute(select(announced_sessions)))


def states(engine: Engine) -> list[tuple[str, str]]:
    with engine.connect() as connection:
        rows = connection.execute(select(inbox.c.status, inbox.c.reason))
        return [(status, reason) for status, reason in rows]


def test_session_created_becomes_an_announced_session(engine, claimed) -> None:
    process(engine, [claimed()], now=NOW + 1)
    (row,) = effects(engine)
    assert tuple(row) == ("demo", "s1", "alice", "msg_1", NOW + 1)
    assert states(engine) == [("done", "")]


def test_a_message_processed_twice_has_one_effect(engine, claimed) -> None:
    one = claimed()
    process(engine, [one], now=NOW)
    process(engine, [one], now=NOW + 1)
    assert [row.announced_at for row in effects(engine)] == [NOW]


def test_two_messages_about_one_session_announce_it_once(engine, claimed) -> None:
    process(engine, [claimed()], now=NOW)
    process(engine, [claimed(id="msg_2")], now=NOW + 1)
    assert [row.message_id for row in effects(engine)] == ["msg_1"]
    assert states(engine) == [("done", ""), ("done", "")]


def test_who_lost_the_lease_has_no_effect(engine, claimed) -> None:
    late = claimed()
    (taker,) = claim(engine, now=NOW + LEASE, limit=1)
    process(engine, [late], now=NOW + LEASE)
    assert effects(engine) == []
    process(engine, [taker], now=NOW + LEASE)
    assert len(effects(engine)) == 1


class WorkerDied(Exception):
    """Not a word more reaches the database."""


@contextmanager
def dying(engine: Engine, step: int) -> Iterator[None]:
    """The worker dies just before its statement or commit number `step`."""
    steps = count(1)

    def die(*_said: object) -> None:
        if next(steps) == step:
            raise WorkerDied

    with ExitStack() as at_the_end:
        for moment in ("before_cursor_execute", "commit"):
            event.listen(engine, moment, die)
            at_the_end.callback(event.remove, engine, moment, die)
        yield


def test_a_break_between_effect_and_mark_leaves_neither(engine, claimed) -> None:
    one = claimed()
    steps = count(1)
    done = False
    while not done:
        try:
            with dying(engine, next(steps)):
                process(engine, [one], now=NOW)
            done = True
        except WorkerDied:
            assert (effects(engine), states(engine)) == ([], [("pending", "")])
    assert next(steps) > 4  # read, effect, mark, commit: each was the last once
    assert len(effects(engine)) == 1
    assert states(engine) == [("done", "")]


def test_an_effect_that_cannot_be_written_leaves_the_message_undone(
    engine, claimed
) -> None:
    one = claimed()
    announced_sessions.drop(engine)
    with pytest.raises(OperationalError):
        process(engine, [one], now=NOW)
    assert states(engine) == [("pending", "")]


def test_a_type_without_use_is_done_without_effect(engine, claimed) -> None:
    process(engine, [claimed(type="moon.rose")], now=NOW)
    assert effects(engine) == []
    assert states(engine) == [("done", "")]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"sid": "s1"},
        {"sid": "", "sub": "alice"},
        {"sid": "s1", "sub": 7},
        {"sid": "s" * 256, "sub": "alice"},
    ],
)
def test_a_poison_message_is_dead_with_a_reason(engine, claimed, data) -> None:
    process(engine, [claimed(data=data)], now=NOW)
    assert effects(engine) == []
    assert states(engine) == [("dead", "data_unusable")]


def test_a_kept_message_that_is_no_event_is_dead(engine) -> None:
    row = {"source": "demo", "message_id": "msg_1", "timestamp": 0, "body": b"hello"}
    rest = {
        "event_type": "session.created",
        "received_at": NOW,
        "status": "pending",
        "tries": 0,
        "due_at": NOW,
    }
    with engine.begin() as connection:
        insert_once(connection, inbox, {**row, **rest})
    (one,) = claim(engine, now=NOW, limit=1)
    process(engine, [one], now=NOW)
    assert states(engine) == [("dead", "event_malformed")]


def test_a_message_that_keeps_killing_its_worker_ends_as_dead(engine, claimed) -> None:
    one = claimed()
    now = NOW
    while one.tries <= MAX_TRIES:
        now += LEASE
        (one,) = claim(engine, now=now, limit=1)
    process(engine, [one], now=now)
    assert effects(engine) == []
    assert states(engine) == [("dead", "tries_used_up")]


def test_the_last_try_is_a_try(engine, claimed) -> None:
    one = claimed()
    now = NOW
    while one.tries < MAX_TRIES:
        now += LEASE
        (one,) = claim(engine, now=now, limit=1)
    process(engine, [one], now=now)
    assert states(engine) == [("done", "")]


def test_a_batch_is_done_together_and_poison_in_it_is_dead(
    engine, claimed, sign
) -> None:
    good = [claimed(id=f"msg_{n}", data={"sid": f"s{n}", "sub": "a"}) for n in range(3)]
    poison = claimed(id="poison", data={})
    commits: list[object] = []
    note_it = commits.append
    event.listen(engine, "commit", note_it)
    process(engine, [good[0], poison, *good[1:]], now=NOW)
    event.remove(engine, "commit", note_it)
    assert len(commits) == 1
    assert sorted(row.sid for row in effects(engine)) == ["s0", "s1", "s2"]
    assert sorted(states(engine)) == [
        ("dead", "data_unusable"),
        ("done", ""),
        ("done", ""),
        ("done", ""),
    ]


def test_one_of_a_batch_whose_lease_was_lost_has_no_effect_here(
    engine, claimed
) -> None:
    late = claimed(data={"sid": "s1", "sub": "a"})
    (taker,) = claim(engine, now=NOW + LEASE, limit=1)
    other = claimed(id="msg_2", data={"sid": "s2", "sub": "a"})
    process(engine, [late, other], now=NOW + LEASE)
    assert [row.sid for row in effects(engine)] == ["s2"]
    process(engine, [taker], now=NOW + LEASE)
    assert sorted(row.sid for row in effects(engine)) == ["s1", "s2"]


def test_the_order_of_arrival_does_not_matter(engine, claimed) -> None:
    batch = [claimed(id=f"msg_{n}", data={"sid": "s1", "sub": "a"}) for n in range(2)]
    process(engine, batch[::-1], now=NOW)
    assert len(effects(engine)) == 1
    assert states(engine) == [("done", ""), ("done", "")]


def test_the_apps_worker_gives_kept_messages_their_effect(app, sign, engine) -> None:
    worker = app_worker(app.extensions["oauthapp"])
    assert worker.run_once() == 0
    sent = sign()
    app.test_client().post("/webhooks/demo", data=sent.body, headers=sent.headers)
    assert [worker.run_once(), worker.run_once()] == [1, 0]
    assert len(effects(engine)) == 1


def test_a_message_whose_effect_broke_is_tried_again_later(
    app, claimed, clock, engine
) -> None:
    worker = app_worker(app.extensions["oauthapp"])
    claimed()
    rename = "ALTER TABLE announced_sessions RENAME COLUMN"
    with engine.begin() as connection:
        connection.exec_driver_sql(f"{rename} sub TO subject")
    clock.now = NOW + LEASE
    worker.run_once()
    assert states(engine) == [("pending", "OperationalError")]
    with engine.begin() as connection:
        connection.exec_driver_sql(f"{rename} subject TO sub")
    assert worker.run_once() == 0
    clock.now += 60
    worker.run_once()
    assert states(engine) == [("done", "")]
    assert len(effects(engine)) == 1
