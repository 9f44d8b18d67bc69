"""What was given up can be looked at and sent again, by one or by all."""

import pytest
from werkzeug import Response

from oauthapp.callbacks.webhook.schemes import STANDARD
from oauthapp.callbacks.webhook.verify import verify
from oauthapp.callers.sender import delivery_store
from oauthapp.callers.sender import endpoint_store
from oauthapp.callers.sender.delivery_store import Summary
from oauthapp.callers.sender.retry import SCHEDULE
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.provider_workers import provider_worker
from tests.callers.sender.conftest import NOW
from tests.callers.sender.conftest import SECRET


def summaries(provider, message_id: str) -> tuple[Summary, ...]:
    with reading(provider.database) as connection:
        return delivery_store.of_message(connection, message_id)


def work(provider, clock) -> None:
    """Attempt whatever comes due, until nothing does."""
    worker = provider_worker(provider)
    while worker.run_once():
        with reading(provider.database) as connection:
            waiting = delivery_store.listed(connection, status="pending")
        clock.now = max([clock.now, *(one.due_at for one in waiting)])


def replay(provider, clock, chosen, **how) -> int:
    with writing(provider.database) as connection:
        return delivery_store.replay(connection, chosen, now=clock.now, **how)


@pytest.fixture
def dead(provider, announce, receiver, clock) -> str:
    """A message that was given up after all its attempts."""
    receiver.answers = [Response("busy\x1b[31m", status=500)] * len(SCHEDULE)
    message_id = announce()
    work(provider, clock)
    return message_id


def test_a_dead_delivery_says_why_and_each_attempt_is_kept(provider, dead) -> None:
    (one,) = summaries(provider, dead)
    with reading(provider.database) as connection:
        tried = delivery_store.attempts_at(connection, one)

    assert (one.status, one.reason, one.tries) == ("dead", "http_500", 10)
    assert [attempt.number for attempt in tried] == list(range(1, 11))
    assert {attempt.answer for attempt in tried} == {
        "busy\\x1b[31m"
    }  # no terminal code
    assert [t.timestamp for t in tried] == [int(t.at) for t in tried]


def test_a_replay_has_the_whole_schedule_before_it_and_a_new_signature(
    provider, dead, receiver, clock
) -> None:
    receiver.answers = [Response(status=500)]
    assert replay(provider, clock, summaries(provider, dead)) == 1
    work(provider, clock)
    (one,) = summaries(provider, dead)
    headers, body = receiver.heard[-1]

    assert (one.status, one.tries) == ("delivered", 12)
    assert {head["webhook-id"] for head, _body in receiver.heard} == {dead}
    assert verify(
        scheme=STANDARD, secrets=[SECRET], headers=headers, body=body, now=clock.now
    ).accepted


def test_a_replay_as_it_was_is_the_same_to_the_last_byte(
    provider, dead, receiver, clock
) -> None:
    last = receiver.heard[-1]
    clock.now += 3600
    replay(provider, clock, summaries(provider, dead), as_it_was=True)
    work(provider, clock)
    again, body = receiver.heard[-1]
    signed = ("webhook-id", "webhook-timestamp", "webhook-signature")

    assert [again[name] for name in signed] == [last[0][name] for name in signed]
    assert body == last[1]
    verdict = verify(
        scheme=STANDARD, secrets=[SECRET], headers=again, body=body, now=clock.now
    )
    assert verdict.reason == "timestamp_too_old"


def test_after_a_replay_as_it_was_the_next_one_is_signed_anew(
    provider, dead, receiver, clock
) -> None:
    clock.now += 3600
    for how in ({"as_it_was": True}, {}):
        replay(provider, clock, summaries(provider, dead), **how)
        work(provider, clock)

    assert receiver.heard[-1][0]["webhook-timestamp"] == str(int(clock.now))


def test_what_is_on_its_way_is_not_replayed(provider, announce, clock) -> None:
    message_id = announce()

    assert replay(provider, clock, summaries(provider, message_id)) == 0


def test_all_that_failed_since_a_time_is_found_the_oldest_first(
    provider, announce, receiver, clock
) -> None:
    ids = []
    for _ in range(3):
        receiver.answers = [Response(status=410)]
        ids.append(announce())
        work(provider, clock)
        clock.now += 100
        with writing(provider.database) as connection:
            endpoint_store.enable(connection, receiver.url)
    announce()
    with reading(provider.database) as connection:
        found = delivery_store.dead_since(connection, NOW + 100)

    assert [one.message_id for one in found] == ids[1:]


def test_the_newest_are_listed_first_and_can_be_chosen(
    provider, announce, receiver, clock
) -> None:
    first = announce()
    work(provider, clock)
    clock.now += 1
    second = announce("http://127.0.0.1:9/other")
    with reading(provider.database) as connection:
        every = delivery_store.listed(connection)
        one = delivery_store.listed(connection, limit=1)
        done = delivery_store.listed(connection, status="delivered")
        there = delivery_store.listed(connection, endpoint_url=receiver.url)

    assert [d.message_id for d in every] == [second, first]
    assert [d.message_id for d in one] == [second]
    assert [d.message_id for d in done] == [d.message_id for d in there] == [first]


def test_an_unknown_message_has_no_body(provider, announce) -> None:
    message_id = announce()
    with reading(provider.database) as connection:
        assert delivery_store.body_of(connection, "msg_unknown") is None
        assert b"session.created" in (
            delivery_store.body_of(connection, message_id) or b""
        )
