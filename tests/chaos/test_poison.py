"""A message whose effect kills the worker ends as dead, and its neighbours are done."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy import select

from bench.invariants import Promised
from bench.invariants import broken_messages
from bench.ledger import Ledger
from oauthapp.callbacks.webhook.store import MAX_TRIES
from oauthapp.callbacks.webhook.store import keep
from oauthapp.database import open_database
from oauthapp.database import reading
from oauthapp.schema.app import app_tables
from oauthapp.schema.app import inbox
from tests.chaos.believed import Believed
from tests.chaos.deadly import DEADLY
from tests.chaos.deadly import NOW


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/poison.sqlite"


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = open_database(url, app_tables)
    yield engine
    engine.dispose()


def test_a_deadly_message_ends_as_dead_and_its_neighbours_are_done(
    url: str, engine: Engine
) -> None:
    ledger = Ledger(engine)
    ids = [*(f"before_{n}" for n in range(5)), "deadly", *(f"after_{n}" for n in "ab")]
    for number, message_id in enumerate(ids):
        keep(
            engine,
            source="demo",
            message=Believed.about(message_id),
            event_type=DEADLY if message_id == "deadly" else "session.created",
            now=NOW - 1 + number / 100,
        )

    told = subprocess.run(
        [sys.executable, "-m", "tests.chaos.deadly", url],
        stdout=subprocess.PIPE,
        check=True,
    )

    promised = Promised(acknowledged=ids, hopeless={"deadly"})
    assert not broken_messages(engine, ledger, promised)
    assert json.loads(told.stdout) == MAX_TRIES
    with reading(engine) as connection:
        wanted = select(inbox.c.reason).where(inbox.c.message_id == "deadly")
        assert connection.execute(wanted).scalar_one() == "tries_used_up"
