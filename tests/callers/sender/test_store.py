"""An event is kept with what it tells of, and goes out once per endpoint."""

from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from sqlalchemy import func
from sqlalchemy import select

from oauthapp.callers.sender.event_store import publish
from oauthapp.callers.sender.retry import Attempt
from oauthapp.callers.sender.retry import Decision
from oauthapp.callers.sender.store import LEASE
from oauthapp.callers.sender.store import claim
from oauthapp.callers.sender.store import settle
from oauthapp.database import writing
from oauthapp.schema.sender import attempts
from oauthapp.schema.sender import deliveries
from oauthapp.schema.sender import events

NOW = 1_700_000_000.0
DELIVERED = Decision(status="delivered", due_at=NOW, reason="")


def count(engine, table) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table))


def test_an_event_has_an_id_a_compact_body_and_a_delivery_per_endpoint(
    engine, announce
) -> None:
    message_id = announce("http://127.0.0.1/a", "http://127.0.0.1/b")
    assert message_id.startswith("msg_") and "." not in message_id
    first, second = claim(engine, now=NOW, limit=10)
    assert {first.endpoint_url, second.endpoint_url} == {
        "http://127.0.0.1/a",
        "http://127.0.0.1/b",
    }
    assert first.body == second.body
    assert first.message_id == second.message_id == message_id
    assert b" " not in first.body
    assert msgspec.json.decode(first.body) == {
        "type": "session.created",
        "timestamp": "2023-11-14T22:13:20.000+00:00",
        "data": {"sid": "s1", "sub": "alice"},
    }


def test_an_endpoint_named_twice_gets_one_delivery(engine, announce) -> None:
    announce("http://127.0.0.1/a", "http://127.0.0.1/a")
    assert count(engine, deliveries) == 1


def test_each_event_has_an_id_of_its_own(announce) -> None:
    assert len({announce() for _ in range(20)}) == 20


def test_what_did_not_happen_is_not_announced(engine) -> None:
    with pytest.raises(RuntimeError), writing(engine) as connection:
        publish(
            connection,
            event_type="session.created",
            data={},
            now=NOW,
            to=["http://127.0.0.1/a"],
        )
        raise RuntimeError("the login was rolled back")
    assert count(engine, events) == count(engine, deliveries) == 0


def test_a_claimed_delivery_is_nobody_elses_until_its_lease_ends(
    engine, announce
) -> None:
    announce()
    (one,) = claim(engine, now=NOW, limit=1)
    assert claim(engine, now=NOW + LEASE - 0.1, limit=1) == ()
    (again,) = claim(engine, now=NOW + LEASE, limit=1)
    assert (one.tries, again.tries) == (1, 2)


def test_eight_claiming_at_once_get_each_delivery_once(engine, announce) -> None:
    for _ in range(24):
        announce()
    with ThreadPoolExecutor(8) as pool:
        lots = pool.map(lambda _: claim(engine, now=NOW, limit=5), range(8))
    ids = [one.message_id for lot in lots for one in lot]
    assert len(ids) == len(set(ids)) == 24


def test_who_lost_the_lease_keeps_the_attempt_but_does_not_decide(
    engine, announce
) -> None:
    announce()
    (late,) = claim(engine, now=NOW, limit=1)
    (taker,) = claim(engine, now=NOW + LEASE, limit=1)
    dead = Decision(status="dead", due_at=NOW, reason="late")
    for one, decision in ((late, dead), (taker, DELIVERED)):
        attempt = Attempt(number=one.tries, at=NOW, ms=1.0, status=204, reason="")
        settle(engine, one, decision, now=NOW, attempt=attempt)
    with engine.connect() as connection:
        assert connection.scalar(select(deliveries.c.status)) == "delivered"
        assert len(connection.execute(select(attempts)).all()) == 2


def test_what_was_decided_stays_decided(engine, announce) -> None:
    announce()
    (one,) = claim(engine, now=NOW, limit=1)
    settle(engine, one, DELIVERED, now=NOW)
    again = Decision(status="pending", due_at=NOW, reason="again")
    settle(engine, one, again, now=NOW)
    assert claim(engine, now=NOW + 86400, limit=1) == ()


def test_attempt_and_decision_are_kept_both_or_neither(engine, announce) -> None:
    announce()
    (one,) = claim(engine, now=NOW, limit=1)
    attempt = Attempt(number=1, at=NOW, ms=1.0, status=204, reason="")
    impossible = Decision(status=None, due_at=NOW, reason="")  # type: ignore[arg-type]
    with pytest.raises(Exception, match="NOT NULL"):
        settle(engine, one, impossible, now=NOW, attempt=attempt)
    assert count(engine, attempts) == 0
