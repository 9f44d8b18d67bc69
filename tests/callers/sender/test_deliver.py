"""Attempts at a real endpoint, and what is made of its answers."""

import socket
import time
from dataclasses import replace

import msgspec
import pytest
from sqlalchemy import select
from werkzeug import Response

from oauthapp.callbacks.webhook.schemes import STANDARD
from oauthapp.callbacks.webhook.verify import verify
from oauthapp.callers.sender.deliver import deliver
from oauthapp.callers.sender.deliver import give_back
from oauthapp.callers.sender.endpoints import take_over
from oauthapp.callers.sender.retry import SCHEDULE
from oauthapp.callers.sender.store import claim
from oauthapp.provider_workers import provider_worker
from oauthapp.schema.sender import attempts
from oauthapp.schema.sender import deliveries
from oauthapp.settings import Endpoint

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
NOW = 1_700_000_000.0


@pytest.fixture
def attempt(provider, clock):
    """Attempts whatever is due now."""

    def attempt_due() -> int:
        due = claim(provider.database, now=clock.now, limit=10)
        for one in due:
            deliver(provider, one)
        return len(due)

    return attempt_due


@pytest.fixture
def state(engine):
    """Status and reason of the one delivery."""

    def look() -> tuple[str, str]:
        with engine.connect() as connection:
            row = connection.execute(select(deliveries)).one()
        return row.status, row.reason

    return look


@pytest.fixture
def log(engine):
    """Number, status and reason of each attempt."""

    def rows() -> list[tuple[int, int | None, str]]:
        with engine.connect() as connection:
            found = connection.execute(select(attempts).order_by(attempts.c.number))
            return [(row.number, row.status, row.reason) for row in found]

    return rows


def moved_to(provider, url: str):
    """The provider with its endpoint at another URL."""
    endpoints = [Endpoint(url=url, secret=SECRET)]
    settings = msgspec.structs.replace(provider.settings, endpoints=endpoints)
    moved = replace(provider, settings=settings)
    take_over(moved)
    return moved


def next_due(engine) -> float:
    with engine.connect() as connection:
        return connection.scalar(select(deliveries.c.due_at))


def test_an_endpoint_gets_what_it_can_believe(
    announce, attempt, receiver, state, log
) -> None:
    message_id = announce()
    attempt()
    ((headers, body),) = receiver.heard
    assert headers["webhook-id"] == message_id
    assert headers["content-type"] == "application/json"
    assert verify(
        scheme=STANDARD, secrets=[SECRET], headers=headers, body=body, now=NOW
    ).accepted
    assert state() == ("delivered", "")
    assert log() == [(1, 204, "")]


def test_a_delivery_that_was_accepted_is_not_sent_again(
    announce, attempt, receiver, clock
) -> None:
    announce()
    attempt()
    clock.now += 30 * 86400
    assert attempt() == 0
    assert len(receiver.heard) == 1


def test_a_retry_keeps_id_and_bytes_and_gets_a_new_time(
    announce, attempt, receiver, clock, engine, state, log
) -> None:
    receiver.answers = [Response(status=500)]
    announce()
    attempt()
    assert state() == ("pending", "http_500")
    assert attempt() == 0
    clock.now = next_due(engine)
    assert 4 <= clock.now - NOW <= 6
    attempt()
    (first, body), (second, same_body) = receiver.heard
    assert second["webhook-id"] == first["webhook-id"]
    assert same_body == body
    assert second["webhook-timestamp"] == str(int(clock.now))
    assert first["webhook-timestamp"] == str(int(NOW))
    assert verify(
        scheme=STANDARD, secrets=[SECRET], headers=second, body=body, now=clock.now
    ).accepted
    assert state() == ("delivered", "")
    assert log() == [(1, 500, "http_500"), (2, 204, "")]


def test_an_endpoint_that_never_accepts_is_dead_after_ten_attempts(
    announce, attempt, receiver, clock, engine, state, log
) -> None:
    receiver.answers = [Response(status=503) for _ in range(20)]
    announce()
    while attempt():
        clock.now = max(clock.now, next_due(engine))
    assert state() == ("dead", "http_503")
    assert len(log()) == len(receiver.heard) == len(SCHEDULE) == 10


def test_a_redirect_is_not_followed_and_no_success(
    announce, attempt, receiver, state, log
) -> None:
    receiver.answers = [Response(status=307, headers={"Location": receiver.url})]
    announce()
    attempt()
    assert len(receiver.heard) == 1
    assert state() == ("pending", "http_307")


def test_410_ends_the_delivery(announce, attempt, receiver, state) -> None:
    receiver.answers = [Response(status=410)]
    announce()
    attempt()
    assert state() == ("dead", "http_410")


def test_an_endpoint_removed_from_the_settings_gets_nothing(
    announce, attempt, receiver, state, log
) -> None:
    announce(receiver.url + "/removed")
    attempt()
    assert receiver.heard == log() == []
    assert state() == ("dead", "endpoint_removed")


def test_a_closed_port_is_tried_again(provider, announce, clock, state, log) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/hook"
    announce(url)
    (one,) = claim(provider.database, now=clock.now, limit=1)
    deliver(moved_to(provider, url), one)
    assert state() == ("pending", "ConnectionError")
    assert log() == [(1, None, "ConnectionError")]


def test_an_attempt_that_broke_off_here_counts_and_is_tried_again(
    provider, announce, clock, state, log
) -> None:
    announce()
    (one,) = claim(provider.database, now=clock.now, limit=1)
    give_back(provider, one, "KeyError")
    assert state() == ("pending", "KeyError")
    assert log() == [(1, None, "KeyError")]


def test_the_recorder_hears_a_webhook_linked_by_session_and_message(
    announce, attempt, calls
) -> None:
    announce()
    attempt()
    (call,) = calls
    assert (call.kind, call.direction, call.status) == ("webhook", "outbound", 204)
    names = sorted(link.split(":")[0] for link in call.links)
    assert names == ["message", "sid"]
    assert SECRET not in str(call)


def test_an_endpoint_that_does_not_answer_in_time_is_tried_again(
    provider, announce, clock, state, log, monkeypatch
) -> None:
    monkeypatch.setattr("oauthapp.callers.sender.deliver.TIMEOUT", 0.1)
    monkeypatch.setattr("oauthapp.callers.sender.deliver.LEAST_TIMEOUT", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/hook"
        announce(url)
        (one,) = claim(provider.database, now=clock.now, limit=1)
        began = time.monotonic()
        deliver(moved_to(provider, url), one)
    assert time.monotonic() - began < 3
    assert state() == ("pending", "timeout")
    assert log() == [(1, None, "timeout")]


def test_a_clock_factor_brings_the_retry_forward(
    provider, announce, receiver, clock, engine
) -> None:
    receiver.answers = [Response(status=500)]
    announce()
    (one,) = claim(engine, now=clock.now, limit=1)
    settings = msgspec.structs.replace(provider.settings, clock_factor=10_000)
    deliver(replace(provider, settings=settings), one)
    assert 0 < next_due(engine) - NOW < 0.001


def test_the_providers_worker_delivers_what_is_due(
    provider, announce, receiver, state
) -> None:
    worker = provider_worker(provider)
    assert worker.run_once() == 0
    announce()
    assert [worker.run_once(), worker.run_once()] == [1, 0]
    assert state() == ("delivered", "")
    assert len(receiver.heard) == 1
