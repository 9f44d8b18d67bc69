"""Servers that take webhooks, and how many a second each of them does."""

import hashlib
import hmac
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from multiprocessing import get_context
from pathlib import Path
from threading import Thread

import psycopg

from bench.house import House
from bench.house import end
from bench.house import start
from bench.lines.line import Sizes
from bench.load import Answers
from bench.load import ask_all
from bench.messages import Request
from bench.messages import make_requests
from bench.messages import signed
from bench.messages import unique_good
from tests.postgresql import free_port

BARE = "bare view"
_TABLE = """
CREATE TABLE floor (source TEXT, message_id TEXT, body {bytes}, received_at {float},
PRIMARY KEY (source, message_id))
"""
_INSERT = "INSERT INTO floor VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"


@dataclass(kw_only=True)
class Taken:
    """Whether all was well so far."""

    load: ProcessPoolExecutor
    sizes: Sizes
    sound: bool = True
    #: Ids that have to be kept by now.
    good: set[str] = field(default_factory=set)

    def rate(
        self, ports: list[int], house: House, connections: int, *, counts: bool = True
    ) -> float:
        """Webhooks a second over so many connections, spread over the ports.

        :param counts: whether they have to be kept; the bare view keeps none.
        """
        made = make_requests(
            self.sizes.requests,
            secret=house.secret,
            now=time.time(),
            prefix=f"bench-{next(self.sizes.batches)}-",
        )
        raw = [one.raw for one in made]
        answers = self.load.submit(ask_ports, ports, raw, connections).result()
        if counts:
            self.good |= unique_good(made)
            self.sound &= answers.statuses == expected(made, len(ports))
        return len(raw) / answers.elapsed

    def kept(self, house: House) -> bool:
        """Whether that is so, and all that is good is kept once."""
        ids = [one for one in house.ids() if one.startswith("bench-")]
        return self.sound and sorted(ids) == sorted(self.good)


@contextmanager
def loading() -> Iterator[ProcessPoolExecutor]:
    """A process of its own, for whoever asks."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as load:
        yield load


def expected(made: list[Request], ports: int) -> list[int]:
    """The right statuses, in the order in which `ask_ports` gives them."""
    return [one.expected for part in range(ports) for one in made[part::ports]]


def ask_ports(ports: list[int], raw: list[bytes], connections: int) -> Answers:
    """As `ask_all` asks one: each port gets its share of both."""
    if len(ports) == 1:
        return ask_all(ports[0], raw, connections)
    parts: dict[int, Answers] = {}

    def ask(number: int) -> None:
        some = raw[number :: len(ports)]
        parts[number] = ask_all(ports[number], some, connections // len(ports))

    threads = [Thread(target=ask, args=(number,)) for number in range(len(ports))]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = [parts[number] for number in range(len(ports))]
    return Answers(
        statuses=[status for one in whole for status in one.statuses],
        seconds=[second for one in whole for second in one.seconds],
        elapsed=time.perf_counter() - began,
    )


@contextmanager
def serving(folder: Path, module: str, *options: str) -> Iterator[int]:
    """Another server, by its module: its port."""
    port = free_port()
    process = start(folder / f"{module}.log", "-m", module, str(port), *options)
    try:
        yield port
    finally:
        end(process)


def bare_inserts(house: House, count: int) -> float:
    """Rows a second: the driver alone, as durable, one row and one commit at a time."""
    now = time.time()
    rows = [("demo", f"floor-{number}", b"x" * 200, now) for number in range(count)]
    if house.server is None:
        path = house.config.parent / "floor.sqlite"
        path.unlink(missing_ok=True)
        with sqlite3.connect(path, isolation_level=None) as database:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("PRAGMA synchronous=FULL")
            database.execute(_TABLE.format(bytes="BLOB", float="REAL"))
            began = time.perf_counter()
            for row in rows:
                database.execute(_INSERT, row)
            took = time.perf_counter() - began
        database.close()
        return count / took
    insert = _INSERT.replace("?", "%s")
    url = f"{house.server.url}/postgres"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("DROP TABLE IF EXISTS floor")
        server.execute(_TABLE.format(bytes="BYTEA", float="DOUBLE PRECISION"))
        began = time.perf_counter()
        for row in rows:
            server.execute(insert, row)
        return count / (time.perf_counter() - began)


def bare_signatures(house: House, count: int) -> float:
    """Webhooks a second of which the signature alone is computed."""
    one = signed("floor", secret=house.secret, now=time.time())
    content = b".".join((one.message_id.encode(), b"1700000000", one.body))
    began = time.perf_counter()
    for _ in range(count):
        hmac.digest(b"a key of thirty-two bytes or more", content, hashlib.sha256)
    return count / (time.perf_counter() - began)
