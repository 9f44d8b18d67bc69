"""An older worker beside a newer one. What must hold:

A process that runs goes on while a newer one adds columns or tables: it names the
columns that it reads and writes. One of the older version that is started afterwards
refuses with a sentence; nothing is changed. A type of event that a worker does not
know is done without effect, as every receiver must take types it has no use for: let
all workers be of the newer version before a sender is asked for a new type.
"""

import pytest
from sqlalchemy import Engine
from sqlalchemy import MetaData
from sqlalchemy import text

from bench.invariants import Promised
from bench.invariants import broken_messages
from bench.ledger import Ledger
from oauthapp.callbacks.webhook.process import process
from oauthapp.callbacks.webhook.store import claim
from oauthapp.callbacks.webhook.store import keep
from oauthapp.callers.sender import store as outbox
from oauthapp.callers.sender.event_store import publish
from oauthapp.callers.sender.retry import Decision
from oauthapp.database import writing
from oauthapp.schema.app import app_tables
from oauthapp.schema.provider import provider_tables
from tests.chaos.believed import AT
from tests.chaos.believed import Believed


@pytest.fixture
def tables(request: pytest.FixtureRequest) -> MetaData:
    found: MetaData = request.param
    return found


def upgrade(engine: Engine, *tables: str) -> None:
    """What a newer version may do while older ones run."""
    with writing(engine) as connection:
        for table in tables:
            connection.execute(text(f"ALTER TABLE {table} ADD COLUMN newer TEXT"))
        connection.execute(text("CREATE TABLE newer (id TEXT PRIMARY KEY)"))


@pytest.mark.parametrize("tables", [app_tables], ids=["app"], indirect=True)
def test_an_older_worker_goes_on_when_a_newer_one_has_added_columns(
    either: Engine,
) -> None:
    ledger = Ledger(either)
    keep_one(either, "before")
    held = claim(either, now=AT, limit=10)

    upgrade(either, "inbox", "announced_sessions")
    process(either, held, now=AT)
    keep_one(either, "after")
    process(either, claim(either, now=AT, limit=10), now=AT)

    promised = Promised(acknowledged={"before", "after"})
    assert not broken_messages(either, ledger, promised)


@pytest.mark.parametrize("tables", [provider_tables], ids=["provider"], indirect=True)
def test_an_older_sender_goes_on_when_a_newer_one_has_added_columns(
    either: Engine,
) -> None:
    publish_one(either)
    [held] = outbox.claim(either, now=AT, limit=10)

    upgrade(either, "events", "deliveries", "endpoints", "attempts")
    done = Decision(status="delivered", due_at=AT, reason="")
    assert outbox.settle(either, held, done, now=AT)
    publish_one(either)
    [then] = outbox.claim(either, now=AT, limit=10)
    assert outbox.settle(either, then, done, now=AT)


def keep_one(engine: Engine, message_id: str) -> None:
    keep(
        engine,
        source="demo",
        message=Believed.about(message_id),
        event_type="session.created",
        now=AT,
    )


def publish_one(engine: Engine) -> None:
    with writing(engine) as connection:
        publish(
            connection,
            event_type="test",
            data={},
            now=AT,
            to=["https://shop.example/hook"],
        )
