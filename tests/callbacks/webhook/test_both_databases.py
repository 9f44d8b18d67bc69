"""The inbox as two processes share it, on each database we support."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy import func
from sqlalchemy import select

from oauthapp.callbacks.webhook.process import process
from oauthapp.callbacks.webhook.retention_store import empty
from oauthapp.callbacks.webhook.retention_store import forget
from oauthapp.callbacks.webhook.retention_store import size
from oauthapp.callbacks.webhook.store import claim
from oauthapp.callbacks.webhook.store import keep
from oauthapp.callbacks.webhook.store import waiting
from oauthapp.callbacks.webhook.verify import Evidence
from oauthapp.callbacks.webhook.verify import Message
from oauthapp.callbacks.webhook.verify import believe
from oauthapp.database import open_database
from oauthapp.schema.app import announced_sessions
from oauthapp.schema.app import app_tables
from oauthapp.schema.app import inbox
from tests.databases import url_of

NOW = 1_700_000_000.0
SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


@pytest.fixture(params=["sqlite", "postgresql"])
def engines(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[Engine]]:
    """Two engines on one database: each batches for itself, as a process does."""
    url = url_of(request, tmp_path, "inbox")
    both = [open_database(url, app_tables) for _ in range(2)]
    yield both
    for engine in both:
        engine.dispose()


@pytest.fixture
def messages(sign) -> list[Message]:
    """Fifty, each about a session of its own."""
    sent = [sign(id=f"m{n}", data={"sid": f"s{n}", "sub": "a"}) for n in range(50)]
    return [
        believe(Evidence(secrets=[SECRET], headers=one.headers, body=one.body, now=NOW))
        for one in sent
    ]


def keep_all(engines: list[Engine], messages: list[Message]) -> int:
    """Each engine's callers bring the same messages, in opposite orders."""
    brought = [(engines[0], one) for one in messages]
    brought += [(engines[1], one) for one in reversed(messages)]
    brought = [
        pair for two in zip(brought[:50], brought[50:], strict=True) for pair in two
    ]
    with ThreadPoolExecutor(16) as pool:
        new = pool.map(
            lambda pair: keep(
                pair[0],
                source="demo",
                message=pair[1],
                event_type="session.created",
                now=NOW,
            ),
            brought,
        )
        return sum(new)


def count(engine: Engine, table: object) -> int:
    with engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar())


def test_each_message_is_new_once_whoever_brings_it(engines, messages) -> None:
    assert keep_all(engines, messages) == 50
    assert count(engines[0], inbox) == 50


def test_two_that_process_at_once_share_the_work_and_repeat_none(
    engines, messages
) -> None:
    keep_all(engines, messages)

    def work(engine: Engine) -> int:
        claimed = claim(engine, now=NOW, limit=30)
        process(engine, claimed, now=NOW)
        return len(claimed)

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(work, engines)) >= 30
    while work(engines[0]):
        pass

    assert count(engines[0], announced_sessions) == 50
    assert (
        count(engines[0], inbox.select().where(inbox.c.status == "done").subquery())
        == 50
    )


def test_what_was_processed_is_emptied_and_forgotten(engines, messages) -> None:
    engine = engines[0]
    keep_all(engines, messages)
    process(engine, claim(engine, now=NOW, limit=20), now=NOW)

    full = size(engine)
    assert empty(engine, excess=1, limit=10) == 1
    assert empty(engine, excess=full, limit=10) == 10
    assert size(engine) < full
    assert forget(engine, before=NOW, limit=50) == 0
    assert forget(engine, before=NOW + 1, limit=15) == 15
    assert forget(engine, before=NOW + 1, limit=15) == 5
    assert count(engine, inbox) == 30


def test_what_waits_is_counted_with_its_bytes(
    engines: list[Engine], messages: list[Message]
) -> None:
    assert waiting(engines[0]) == (0, 0)
    keep_all(engines, messages)
    assert waiting(engines[1]) == (50, sum(len(one.body) for one in messages))

    process(engines[0], claim(engines[0], now=NOW, limit=20), now=NOW)
    assert waiting(engines[1]).number == 30
