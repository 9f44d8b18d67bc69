"""How the rate of webhooks changes with what is kept, with callers, with replicas."""

import time
from collections.abc import Callable
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from functools import partial

from bench.house import House
from bench.house import end
from bench.house import running_house
from bench.lines.line import Beside
from bench.lines.line import Line
from bench.lines.line import Round
from bench.lines.line import Sizes
from bench.lines.line import beside
from bench.lines.line import in_turn
from bench.lines.line import median
from bench.lines.receiving import BARE
from bench.lines.receiving import Taken
from bench.lines.receiving import loading
from bench.lines.receiving import serving
from oauthapp.inserting import as_given
from oauthapp.inserting import insert_all_once
from oauthapp.schema.app import inbox
from tests.postgresql import free_port

#: Rows that are made at a time.
SOME = 10_000


def lines(sizes: Sizes) -> Iterator[Line]:
    """By rows and connections on SQLite, by replicas on PostgreSQL."""
    with loading() as load:
        if "sqlite" in sizes.databases:
            yield from _by_rows(load, sizes)
            yield from _by_connections(load, sizes)
        if "postgresql" in sizes.databases:
            yield from _by_replicas(load, sizes)


def _by_rows(load: ProcessPoolExecutor, sizes: Sizes) -> Iterator[Line]:
    """A house for each number, all at once, and each asked in turn."""
    ways: dict[str, Callable[[], float]] = {}
    checks = []
    with ExitStack() as stack:
        for rows in sizes.rows:
            house = stack.enter_context(running_house("sqlite"))
            _fill(house, rows)
            stack.callback(end, house.start("app"))
            taken = Taken(load=load, sizes=sizes)
            checks.append(partial(taken.kept, house))
            ways[f"{rows} kept before"] = partial(
                taken.rate, [house.port], house, sizes.connections
            )
        rounds = in_turn(ways, sizes.rounds)
        sound = all(check() for check in checks)
    yield from _growing(
        rounds,
        list(ways),
        f"webhooks, SQLite, {sizes.connections} connections",
        "as without: one index finds a repetition, however many there are",
        sound,
    )


def _by_connections(load: ProcessPoolExecutor, sizes: Sizes) -> Iterator[Line]:
    with running_house("sqlite") as house, ExitStack() as stack:
        folder, taken = house.config.parent, Taken(load=load, sizes=sizes)
        stack.callback(end, house.start("app"))
        bare = stack.enter_context(serving(folder, "bench.bare"))
        ways: dict[str, Callable[[], float]] = {}
        for width in sizes.widths:
            ask = partial(taken.rate, house=house, connections=width)
            ways[_bare(width)] = partial(ask, [bare], counts=False)
            ways[f"{width}"] = partial(ask, [house.port])
        rounds = in_turn(ways, sizes.rounds)
        sound = taken.kept(house)
    for width in sizes.widths:
        floor = beside(rounds, f"{width}", _bare(width))
        yield Line(
            what=f"webhooks, SQLite, {width} connections",
            ours=median(rounds, f"{width}"),
            unit="/s",
            floors=(Beside(name=BARE, value=floor.value, ratio=floor.ratio),),
            limit="one interpreter: what comes at the same time waits, and is answered",
            sound=sound,
        )


def _by_replicas(load: ProcessPoolExecutor, sizes: Sizes) -> Iterator[Line]:
    """All run all the time; some of them are asked."""
    with running_house("postgresql") as house, ExitStack() as stack:
        taken, ports = Taken(load=load, sizes=sizes), []
        for number in range(max(sizes.replicas)):
            ports.append(free_port())
            told = ("--port", str(ports[-1]))
            stack.callback(end, house.start("app", *told, log=f"app-{number}"))
        ways: dict[str, Callable[[], float]] = {
            f"{count} {'replica' if count == 1 else 'replicas'}": partial(
                taken.rate, ports[:count], house, sizes.connections
            )
            for count in sizes.replicas
        }
        rounds = in_turn(ways, sizes.rounds)
        sound = taken.kept(house)
    yield from _growing(
        rounds,
        list(ways),
        f"webhooks, PostgreSQL, {sizes.connections} connections",
        "the cores, which replicas, database and load share",
        sound,
    )


def _growing(
    rounds: list[Round], names: list[str], what: str, limit: str, sound: bool
) -> Iterator[Line]:
    """Each beside the first."""
    for name in names:
        yield Line(
            what=f"{what}, {name}",
            ours=median(rounds, name),
            unit="/s",
            floors=(beside(rounds, name, names[0]),) if name != names[0] else (),
            limit=limit,
            sound=sound,
        )


def _bare(width: int) -> str:
    return f"bare at {width}"


def _fill(house: House, rows: int) -> None:
    """Messages that were given effect long ago."""
    now = time.time()
    one = {"source": "demo", "timestamp": int(now), "event_type": "session.created"}
    one |= {"body": b"x" * 200, "received_at": now, "status": "done", "tries": 1}
    one |= {"due_at": now, "settled_at": now, "reason": ""}
    for first in range(0, rows, SOME):
        some = range(first, min(first + SOME, rows))
        made = [{**one, "message_id": f"old-{number}"} for number in some]
        dialect = house.database.dialect.name
        rows_given = [as_given(dialect, inbox, row) for row in made]
        insert_all_once(house.database, inbox, rows_given)
