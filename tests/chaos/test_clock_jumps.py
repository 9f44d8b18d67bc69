"""The clock of a machine jumps. What must hold, and does:

Nothing is lost, and nothing takes effect twice: who holds a lease is told by the count
of tries, not by the clock. A jump ahead ends leases, logins and sessions early; a jump
back lets what waits wait until the clock is there again, and brings nothing back that
was taken or removed. A message is believed within 300 seconds of the receiver's clock.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bench.invariants import Promised
from bench.invariants import broken_messages
from bench.ledger import Ledger
from oauthapp.callbacks.redirect import session_store
from oauthapp.callbacks.redirect.session_store import SignedIn
from oauthapp.callbacks.webhook.process import process
from oauthapp.callbacks.webhook.store import claim
from oauthapp.callbacks.webhook.store import keep
from oauthapp.callers.sender import store as outbox
from oauthapp.callers.sender.event_store import publish
from oauthapp.callers.sender.retry import Decision
from oauthapp.database import open_database
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.schema.app import app_tables
from oauthapp.schema.provider import provider_tables
from tests.chaos.believed import AT as NOW
from tests.chaos.believed import Believed

DAY = 86_400.0
#: Ahead and back; beyond a lease, beyond all that is ever waited for.
JUMPS = (60.0, 3600.0, 400 * DAY)
HOOK = "https://shop.example/hook"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/app.sqlite", app_tables)
    yield engine
    engine.dispose()


@pytest.fixture
def outbox_engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/provider.sqlite", provider_tables)
    yield engine
    engine.dispose()


def keep_one(engine: Engine, *, now: float) -> None:
    keep(
        engine,
        source="demo",
        message=Believed.about("one"),
        event_type="session.created",
        now=now,
    )


@pytest.mark.parametrize("jump", JUMPS)
def test_ahead_a_lease_ends_early_and_the_effect_comes_once(
    engine: Engine, jump: float
) -> None:
    ledger = Ledger(engine)
    keep_one(engine, now=NOW)
    slow = claim(engine, now=NOW, limit=10)
    quick = claim(engine, now=NOW + jump, limit=10)

    process(engine, quick, now=NOW + jump)
    process(engine, slow, now=NOW)

    assert not broken_messages(engine, ledger, Promised(acknowledged={"one"}))


@pytest.mark.parametrize("jump", JUMPS)
def test_back_a_message_waits_until_the_clock_is_there_again(
    engine: Engine, jump: float
) -> None:
    ledger = Ledger(engine)
    keep_one(engine, now=NOW)

    assert claim(engine, now=NOW - jump, limit=10) == ()

    process(engine, claim(engine, now=NOW, limit=10), now=NOW)
    assert not broken_messages(engine, ledger, Promised(acknowledged={"one"}))


@pytest.mark.parametrize("jump", JUMPS)
def test_a_message_that_comes_after_a_jump_back_does_not_wait(
    engine: Engine, jump: float
) -> None:
    keep_one(engine, now=NOW - jump)

    assert len(claim(engine, now=NOW - jump, limit=10)) == 1


@pytest.mark.parametrize("jump", JUMPS)
def test_ahead_a_delivery_is_attempted_again_and_one_of_both_decides(
    outbox_engine: Engine, jump: float
) -> None:
    with writing(outbox_engine) as connection:
        publish(connection, event_type="test", data={}, now=NOW, to=[HOOK])
    [slow] = outbox.claim(outbox_engine, now=NOW, limit=10)
    [quick] = outbox.claim(outbox_engine, now=NOW + jump, limit=10)
    done = Decision(status="delivered", due_at=NOW, reason="")

    assert outbox.settle(outbox_engine, quick, done, now=NOW + jump)
    assert not outbox.settle(outbox_engine, slow, done, now=NOW)


@pytest.mark.parametrize("jump", JUMPS)
def test_back_a_delivery_waits_until_the_clock_is_there_again(
    outbox_engine: Engine, jump: float
) -> None:
    with writing(outbox_engine) as connection:
        publish(connection, event_type="test", data={}, now=NOW, to=[HOOK])

    assert outbox.claim(outbox_engine, now=NOW - jump, limit=10) == ()
    assert len(outbox.claim(outbox_engine, now=NOW, limit=10)) == 1


def test_a_session_that_ended_by_a_jump_ahead_does_not_come_back(
    engine: Engine,
) -> None:
    session = SignedIn(
        provider="demo",
        issuer="https://id.example",
        sub="alice",
        sid="s",
        claims={},
        created_at=NOW,
        expires_at=NOW + 3600,
    )
    with writing(engine) as connection:
        session_store.keep_session(connection, "id", session)
        # As whoever signs in next does.
        session_store.forget_expired_sessions(connection, now=NOW + DAY)

    with reading(engine) as connection:
        assert session_store.find_session(connection, "id", now=NOW) is None
