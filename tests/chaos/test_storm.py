"""The same message a thousand times at once: kept once, and each is told so."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest

from bench.invariants import Promised
from bench.invariants import broken_messages
from bench.ledger import Ledger
from bench.wire import Wire
from oauthapp.app_workers import app_worker
from tests.chaos.replica import Replica
from tests.chaos.replica import message
from tests.chaos.replica import running_replica
from tests.databases import url_of

TIMES, AT_ONCE = 1000, 20


@pytest.fixture(params=["sqlite", "postgresql"])
def replicas(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[Replica, Replica]]:
    """Two on one database."""
    url = url_of(request, tmp_path, "storm_app")
    with ExitStack() as stack:
        recorders = (f"sqlite:///{tmp_path}/{name}.sqlite" for name in "ab")
        one, two = (stack.enter_context(running_replica(url, to)) for to in recorders)
        yield one, two


def test_a_message_that_comes_a_thousand_times_is_kept_once(
    replicas: tuple[Replica, Replica],
) -> None:
    statuses: list[int] = []
    raw = message("storm", now=time.time()).raw
    ledger = Ledger(replicas[0].services.database)

    def ask(port: int) -> None:
        with closing(Wire(port)) as wire:
            for _ in range(TIMES // AT_ONCE):
                statuses.append(wire.ask(raw).status)

    ports = [replicas[number % 2].port for number in range(AT_ONCE)]
    threads = [Thread(target=ask, args=(port,)) for port in ports]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [204] * TIMES
    for one in replicas:
        app_worker(one.services).run_once()
    promised = Promised(acknowledged={"storm"})
    assert not broken_messages(replicas[0].services.database, ledger, promised)
