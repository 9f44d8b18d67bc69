"""Webhooks a second that are verified and kept for good before they are answered."""

import sqlite3
from collections.abc import Callable
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from bench.house import House
from bench.house import end
from bench.house import running_house
from bench.lines.line import Beside
from bench.lines.line import Line
from bench.lines.line import Sizes
from bench.lines.line import beside
from bench.lines.line import in_turn
from bench.lines.line import median
from bench.lines.receiving import BARE
from bench.lines.receiving import Taken
from bench.lines.receiving import bare_inserts
from bench.lines.receiving import bare_signatures
from bench.lines.receiving import loading
from bench.lines.receiving import serving

INSERT, SIGNATURE = "bare insert", "bare signature"
#: By the mode of SQLite's journal: as it comes, and as the careful set it.
PEERS = {
    "delete": "Flask, standardwebhooks and SQLite",
    "wal": "the same, in WAL mode",
}
OURS = "ours"
_LIMIT = {
    "sqlite": "the interpreter: Flask, the checks, the recorder; then the disk",
    "postgresql": "the interpreter, and the database's processes on the same cores",
}
_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def lines(sizes: Sizes) -> Iterator[Line]:
    """On each database, beside what it is made of and what people would write."""
    with loading() as load:
        for kind in sizes.databases:
            with running_house(kind) as house:
                yield _line(kind, house, load, sizes)


def _line(kind: str, house: House, load: ProcessPoolExecutor, sizes: Sizes) -> Line:
    folder, taken = house.config.parent, Taken(load=load, sizes=sizes)
    theirs = {mode: Taken(load=load, sizes=sizes) for mode in PEERS}
    ways: dict[str, Callable[[], float]] = {
        OURS: partial(taken.rate, [house.port], house, sizes.connections),
        INSERT: partial(bare_inserts, house, sizes.requests // 2),
        SIGNATURE: partial(bare_signatures, house, sizes.requests * 10),
    }
    with ExitStack() as stack:
        stack.callback(end, house.start("app"))
        bare = stack.enter_context(serving(folder, "bench.bare"))
        ask = partial(taken.rate, [bare], house, sizes.connections)
        ways[BARE] = partial(ask, counts=False)
        for mode, name in PEERS.items():
            told = (str(folder / mode), house.secret, mode)
            peer = stack.enter_context(serving(folder, "bench.peers.webhook", *told))
            ways[name] = partial(theirs[mode].rate, [peer], house, sizes.connections)
        rounds = in_turn(ways, sizes.rounds)
    return Line(
        what=f"webhooks kept, {_NAMES[kind]}, {sizes.connections} connections",
        ours=median(rounds, OURS),
        unit="/s",
        floors=tuple(beside(rounds, OURS, one) for one in (BARE, INSERT, SIGNATURE)),
        peers=tuple(
            _honest(beside(rounds, OURS, name), folder / mode, theirs[mode])
            for mode, name in PEERS.items()
        ),
        limit=_LIMIT[kind],
        sound=taken.kept(house),
    )


def _honest(peer: Beside, path: Path, taken: Taken) -> Beside:
    """With what has to be said of it: a rate of 500s is none."""
    wrong = not (taken.sound and _kept(path) == taken.good)
    return replace(peer, name=f"{peer.name}, some answered 500") if wrong else peer


def _kept(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as database:
        return {one for (one,) in database.execute("SELECT id FROM message")}
