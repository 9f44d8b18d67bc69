"""Processed messages go by age, their bodies by size; what waits or is dead stays."""

from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest
from sqlalchemy import Engine
from sqlalchemy import insert
from sqlalchemy import select

from oauthapp.aging import DAY
from oauthapp.app_workers import app_worker
from oauthapp.callbacks.webhook.retention import remove_some
from oauthapp.schema.app import announced_sessions
from oauthapp.schema.app import inbox
from oauthapp.services import AppServices

NOW = 1_700_000_000.0
MEGABYTE = 10**6


@pytest.fixture
def services(app) -> AppServices:
    """30 days and a megabyte."""
    services: AppServices = app.extensions["oauthapp"]
    settings = msgspec.structs.replace(services.settings, inbox_max_bytes=MEGABYTE)
    return replace(services, settings=settings)


@pytest.fixture
def put(engine: Engine) -> Callable[..., None]:
    """Puts a message into the inbox as it is after processing."""

    def put(id: str, status: str = "done", *, age: float = 0, size: int = 5) -> None:
        times = dict.fromkeys(("received_at", "due_at", "settled_at"), NOW - age)
        row = {"source": "demo", "message_id": id, "timestamp": 0, "tries": 1}
        rest = {"body": b"x" * size, "status": status, "reason": "", "event_type": "t"}
        with engine.begin() as connection:
            connection.execute(insert(inbox), {**row, **times, **rest})

    return put


def sizes(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        rows = connection.execute(select(inbox.c.message_id, inbox.c.body))
        return {id: len(body) for id, body in rows}


def test_what_was_processed_longer_ago_than_the_days_goes(
    services, put, engine
) -> None:
    put("old", age=30 * DAY + 1)
    put("young", age=30 * DAY - 1)

    assert remove_some(services, NOW) == 1
    assert list(sizes(engine)) == ["young"]


@pytest.mark.parametrize("status", ["pending", "dead"])
def test_what_waits_or_is_dead_stays_and_the_log_says_so(
    services, put, engine, caplog, status
) -> None:
    put("old", status, age=300 * DAY, size=2 * MEGABYTE)

    assert remove_some(services, NOW) == 0
    assert sizes(engine) == {"old": 2 * MEGABYTE}
    assert f"{MEGABYTE} bytes more" in caplog.text


def test_too_much_is_emptied_oldest_first_and_its_id_stays(
    services, put, engine
) -> None:
    put("second", age=2, size=400_000)
    put("third", age=1, size=400_000)
    put("first", age=3, size=300_000)

    assert remove_some(services, NOW) == 1
    assert sizes(engine) == {"second": 400_000, "third": 400_000, "first": 0}
    assert remove_some(services, NOW) == 0


def test_a_message_that_was_emptied_is_still_known(
    services, put, engine, app, sign
) -> None:
    put("msg_1", age=1, size=MEGABYTE + 1)
    remove_some(services, NOW)

    sent = sign()
    answer = app.test_client().post(
        "/webhooks/demo", data=sent.body, headers=sent.headers
    )

    assert answer.status_code == 204
    assert sizes(engine) == {"msg_1": 0}


def announce(engine: Engine, sid: str, *, age: float) -> None:
    row = {"source": "demo", "sid": sid, "sub": "alice", "message_id": sid}
    with engine.begin() as connection:
        connection.execute(
            insert(announced_sessions), {**row, "announced_at": NOW - age}
        )


def test_what_messages_announced_goes_with_them(services, put, engine, clock) -> None:
    clock.now = NOW
    put("old", age=30 * DAY + 1)
    announce(engine, "old", age=30 * DAY + 1)
    announce(engine, "young", age=30 * DAY - 1)
    worker = app_worker(services)

    worker.run_once()
    assert sizes(engine) == {}
    worker.run_once()

    with engine.connect() as connection:
        left = connection.execute(select(announced_sessions.c.sid)).scalars().all()
    assert left == ["young"]
