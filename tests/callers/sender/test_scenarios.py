"""An endpoint that behaves badly, three days in a moment: each attempt as F.1 says."""

import socket
import threading
from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest
from sqlalchemy import select
from werkzeug import Response

from oauthapp.callers.sender import deliver as deliver_room
from oauthapp.callers.sender import delivery_store
from oauthapp.callers.sender import endpoint_store
from oauthapp.callers.sender.endpoints import add_endpoint
from oauthapp.callers.sender.retry import SCHEDULE
from oauthapp.database import reading
from oauthapp.provider_workers import provider_worker
from oauthapp.schema.sender import events
from oauthapp.settings import Endpoint
from tests.callers.sender.conftest import SECRET

FACTOR = 10_000.0


@pytest.fixture
def fast(provider):
    """The provider with a schedule of three days in half a minute."""
    settings = msgspec.structs.replace(provider.settings, clock_factor=FACTOR)
    return replace(provider, settings=settings)


@pytest.fixture
def until_settled(fast, clock) -> Callable[[str], list[tuple[int | None, str, float]]]:
    """Works until the message is settled: status, reason and pause of each attempt."""

    def work(message_id: str) -> list[tuple[int | None, str, float]]:
        worker = provider_worker(fast)
        while True:
            worker.run_once()
            with reading(fast.database) as connection:
                (one,) = delivery_store.of_message(connection, message_id)
                tried = delivery_store.attempts_at(connection, one)
            if one.status != "pending":
                break
            clock.now = max(clock.now, one.due_at)
        times = [attempt.at for attempt in tried]
        pauses = [b - a for a, b in zip(times, times[1:], strict=False)]
        return [
            (attempt.status, attempt.reason, round(pause * FACTOR))
            for attempt, pause in zip(tried, [0.0, *pauses], strict=True)
        ]

    return work


def test_it_fails_for_a_day_and_then_accepts(announce, receiver, until_settled) -> None:
    receiver.answers = [Response(status=500)] * 7
    tried = until_settled(announce())

    assert [(status, reason) for status, reason, _pause in tried] == [
        *[(500, "http_500")] * 7,
        (204, ""),
    ]
    for (_status, _reason, pause), planned in zip(tried, SCHEDULE, strict=False):
        assert 0.79 * planned <= pause <= 1.21 * planned


def test_a_redirect_and_a_client_error_are_tried_to_the_end(
    announce, receiver, until_settled
) -> None:
    receiver.answers = [
        Response(status=301, headers={"Location": "http://127.0.0.1:1/"}),
        Response(status=400),
        *[Response(status=418)] * 8,
    ]
    tried = until_settled(announce())

    assert [status for status, _reason, _pause in tried] == [301, 400, *[418] * 8]
    assert len(receiver.heard) == 10


def test_it_asks_for_patience_and_gets_some(announce, receiver, until_settled) -> None:
    asked = [("7", 7), ("1", 5), ("9999", 10)]
    for text, _waits in asked:
        receiver.answers = [Response(status=429, headers={"Retry-After": text})]
        tried = until_settled(announce())
        assert [status for status, _reason, _pause in tried] == [429, 204]
    # In the schedule's own time: the clock factor does not shorten what was asked for,
    # but never more than twice the pause is waited.
    pauses = [pause for _status, _reason, pause in tried]
    assert 8 <= pauses[1] <= 12


def test_it_is_gone(fast, announce, receiver, until_settled) -> None:
    receiver.answers = [Response(status=410)]
    tried = until_settled(announce())

    assert tried == [(410, "http_410", 0)]
    with reading(fast.database) as connection:
        (kept,) = endpoint_store.listed(connection)
    assert kept.disabled == "gone"


def test_it_never_answers(
    fast, announce, until_settled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver_room, "LEAST_TIMEOUT", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/hook"
        add_endpoint(fast, Endpoint(url=url, secret=SECRET))
        tried = until_settled(announce(url))

    assert {(status, reason) for status, reason, _pause in tried} == {(None, "timeout")}
    assert len(tried) == 10


def test_it_closes_the_connection(fast, announce, until_settled) -> None:
    with socket.create_server(("127.0.0.1", 0)) as rude:

        def hang_up() -> None:
            while True:
                try:
                    rude.accept()[0].close()
                except OSError:
                    return

        thread = threading.Thread(target=hang_up)
        thread.start()
        url = f"http://127.0.0.1:{rude.getsockname()[1]}/hook"
        add_endpoint(fast, Endpoint(url=url, secret=SECRET))
        tried = until_settled(announce(url))
        rude.shutdown(socket.SHUT_RDWR)
        thread.join()

    assert {(status, reason) for status, reason, _pause in tried} == {
        (None, "ConnectionError")
    }
    assert len(tried) == 10


def test_somebody_else_is_told_at_50_70_90_and_100_percent(
    fast, announce, receiver, until_settled, caplog: pytest.LogCaptureFixture
) -> None:
    watch = Endpoint(
        url="http://127.0.0.1:9/watch", secret=SECRET, events=["delivery.failing"]
    )
    add_endpoint(fast, watch)
    receiver.answers = [Response(status=500)] * 10
    message_id = announce()
    until_settled(message_id)
    with reading(fast.database) as connection:
        bodies = connection.execute(
            select(events.c.body)
            .where(events.c.type == "delivery.failing")
            .order_by(events.c.created_at)
        ).scalars()
        told = [msgspec.json.decode(body)["data"] for body in bodies]

    assert [one["percent"] for one in told] == [50, 70, 90, 100]
    assert {one["message_id"] for one in told} == {message_id}
    assert told[-1]["status"] == "dead"
    lines = [r for r in caplog.messages if message_id in r]
    assert len(lines) == 4


def test_news_of_trouble_that_cannot_be_told_makes_no_more_news(
    fast, announce, receiver, until_settled, clock
) -> None:
    deaf = Endpoint(
        url=receiver.url + "/deaf", secret=SECRET, events=["delivery.failing"]
    )
    add_endpoint(fast, deaf)
    receiver.answers = [Response(status=500)] * 500
    until_settled(announce())
    worker = provider_worker(fast)
    for _ in range(60):
        clock.now += 40
        worker.run_once()
    with reading(fast.database) as connection:
        kinds = connection.execute(select(events.c.type)).scalars().all()
        waiting = delivery_store.listed(connection, status="pending")

    assert sorted(kinds) == [*["delivery.failing"] * 4, "session.created"]
    assert waiting == ()
