"""Processed messages go by age, their bodies by size; what waits or is dead stays."""

from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest
from sqlalchemy import Engine
from sqlalchemy import insert
from sqlalchemy import select

from oauthapp.callbacks.webhook import retention
from oauthapp.callbacks.webhook.retention import DAY
from oauthapp.callbacks.webhook.retention import EVERY
from oauthapp.callbacks.webhook.retention import Retention
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

    assert Retention(services).remove_some(NOW) == 1
    assert list(sizes(engine)) == ["young"]


@pytest.mark.parametrize("status", ["pending", "dead"])
def test_what_waits_or_is_dead_stays_and_the_log_says_so(
    services, put, engine, caplog, status
) -> None:
    put("old", status, age=300 * DAY, size=2 * MEGABYTE)

    assert Retention(services).remove_some(NOW) == 0
    assert sizes(engine) == {"old": 2 * MEGABYTE}
    assert f"{MEGABYTE} bytes more" in caplog.text


def test_too_much_is_emptied_oldest_first_and_its_id_stays(
    services, put, engine
) -> None:
    put("second", age=2, size=400_000)
    put("third", age=1, size=400_000)
    put("first", age=3, size=300_000)

    assert Retention(services).remove_some(NOW) == 1
    assert sizes(engine) == {"second": 400_000, "third": 400_000, "first": 0}
    assert Retention(services).remove_some(NOW) == 0


def test_a_message_that_was_emptied_is_still_known(
    services, put, engine, app, sign
) -> None:
    put("msg_1", age=1, size=MEGABYTE + 1)
    Retention(services).remove_some(NOW)

    sent = sign()
    answer = app.test_client().post(
        "/webhooks/demo", data=sent.body, headers=sent.headers
    )

    assert answer.status_code == 204
    assert sizes(engine) == {"msg_1": 0}


def test_it_goes_in_small_batches_without_pause_and_then_rests(
    services, put, engine, clock, monkeypatch
) -> None:
    monkeypatch.setattr(retention, "SOME", 2)
    for number in range(3):
        put(str(number), age=31 * DAY)
    keeper = Retention(services)

    left = []
    for _ in range(3):
        keeper.now_and_then()
        left.append(len(sizes(engine)))
    assert left == [1, 0, 0]

    put("late", age=31 * DAY)
    keeper.now_and_then()
    assert len(sizes(engine)) == 1
    clock.now += EVERY
    keeper.now_and_then()
    assert sizes(engine) == {}
