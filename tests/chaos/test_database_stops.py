"""PostgreSQL goes away under load and comes back: 503 meanwhile, nothing is lost."""

import time
from collections.abc import Iterator
from contextlib import closing
from contextlib import contextmanager
from threading import Event
from threading import Thread

import pytest

from bench.invariants import Promised
from bench.invariants import broken_messages
from bench.ledger import Ledger
from bench.post import Posted
from bench.post import Poster
from bench.wire import Answer
from bench.wire import Wire
from tests.chaos.replica import Replica
from tests.chaos.replica import message
from tests.chaos.replica import page
from tests.chaos.replica import running_replica
from tests.chaos.settled import until
from tests.postgresql import Server
from tests.postgresql import new_databases

#: Each looks into the database, its own or the recorder's.
PATHS = ("/", "/me", "/calls", "/inspect", "/security")


@pytest.fixture
def replica(postgresql_server: Server) -> Iterator[Replica]:
    server = postgresql_server.url
    new_databases(server, "stops_app", "stops_recorder")
    urls = (f"{server}/stops_app", f"{server}/stops_recorder")
    with running_replica(*urls, works=True) as one:
        yield one


@pytest.mark.parametrize(
    "stops", [1, pytest.param(10, marks=[pytest.mark.chaos, pytest.mark.timeout(600)])]
)
def test_nothing_acknowledged_is_lost_and_meanwhile_all_are_told_when_to_come_back(
    replica: Replica, postgresql_server: Server, stops: int
) -> None:
    ledger = Ledger(replica.services.database)
    with posting(replica, posters=4) as posted:
        for number in range(stops):
            stop_and_start(replica, postgresql_server, posted, f"again_{number}")
    app = replica.services.database
    promised = Promised(acknowledged=posted.acknowledged)

    until(lambda: not broken_messages(app, ledger, promised))

    assert set(posted.statuses) == {204, 503}
    assert not posted.wrong


def stop_and_start(
    replica: Replica, server: Server, posted: Posted, again: str
) -> None:
    """Meanwhile everybody is told when to come back; then `again` is kept."""
    before = len(posted.acknowledged)
    until(lambda: len(posted.acknowledged) > before + 20)
    with stopped(server):
        answers = [ask(replica, page(path)) for path in PATHS]
        answers.append(ask(replica, message("away", now=time.time()).raw))
    assert [one.status for one in answers] == [503] * len(answers)
    assert all(b"\r\nRetry-After: 5" in one.head for one in answers)
    until(lambda: accepted(replica, again))
    posted.acknowledged.add(again)


@contextmanager
def stopped(server: Server) -> Iterator[None]:
    """Without its database until the block ends."""
    server.stop()
    try:
        yield
    finally:
        server.start()


@contextmanager
def posting(replica: Replica, *, posters: int) -> Iterator[Posted]:
    """Messages come without pause until the block ends; each until it is answered."""
    posted, stop = Posted(), Event()

    def post(number: int) -> None:
        with closing(Poster([replica.port], posted, number)) as poster:
            sent = 0
            while not stop.is_set():
                poster.post(message(f"{number}_{sent}", now=time.time()))
                sent += 1

    threads = [Thread(target=post, args=(number,)) for number in range(posters)]
    for thread in threads:
        thread.start()
    try:
        yield posted
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def ask(replica: Replica, raw: bytes) -> Answer:
    """What it answers just now."""
    with closing(Wire(replica.port)) as wire:
        return wire.ask(raw)


def accepted(replica: Replica, message_id: str) -> bool:
    """Whether it keeps messages again."""
    return ask(replica, message(message_id, now=time.time()).raw).status == 204
