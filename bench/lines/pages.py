"""The compare page, among few recorded calls and among many."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from flask.testing import FlaskClient

from bench.bare import bare_app
from bench.lines.line import Line
from bench.lines.line import Sizes
from bench.lines.line import beside
from bench.lines.line import in_turn
from bench.lines.line import median
from bench.million import databases
from bench.million import side
from bench.million_calls import fill
from oauthapp.database import open_database
from oauthapp.schema.recorder import recorder_tables

FEW = 1000
#: Calls, where the machine takes longer than this many seconds to write them all.
LESS, PATIENCE = 200_000, 180.0
#: Calls that are written to see how long it takes.
TRIED = 5000
BARE = "bare view, in the same process"


def lines(sizes: Sizes) -> Iterator[Line]:
    """Asked for in turn, in this process, of two recorders on SQLite."""
    many, why = _many(sizes)
    bare = bare_app().test_client()
    with ExitStack() as stack:
        urls = stack.enter_context(databases("sqlite"))
        few, most = (
            stack.enter_context(side(url, count))
            for url, count in zip(urls, (FEW, many), strict=True)
        )
        rounds = in_turn(
            {
                BARE: lambda: _ask(bare, "POST", "/webhooks/demo"),
                "few": lambda: _ask(few.client, "GET", "/"),
                "many": lambda: _ask(most.client, "GET", "/"),
            },
            sizes.pages,
        )
    yield Line(
        what=f"compare page among {FEW} calls",
        ours=median(rounds, "few"),
        unit="ms",
        floors=(beside(rounds, "few", BARE),),
        limit="the recorder's queries, a call's text, and the template",
        sound=True,
    )
    among = replace(beside(rounds, "many", "few"), name=f"among {FEW}")
    yield Line(
        what=f"compare page among {many} calls{why}",
        ours=median(rounds, "many"),
        unit="ms",
        floors=(among, beside(rounds, "many", BARE)),
        limit="as above: an index leads to each list, whatever else is kept",
        sound=True,
    )


def _many(sizes: Sizes) -> tuple[int, str]:
    """How many calls, and why not more."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(
            f"sqlite:///{Path(folder, 'tried.sqlite')}", recorder_tables, durable=False
        )
        began = time.perf_counter()
        fill(engine, TRIED)
        took = time.perf_counter() - began
        engine.dispose()
    if sizes.calls <= LESS or took / TRIED * sizes.calls < PATIENCE:
        return sizes.calls, ""
    return LESS, f" (writing {sizes.calls} takes too long here)"


def _ask(client: FlaskClient, method: str, path: str) -> float:
    began = time.perf_counter()
    answer = client.open(path, method=method, headers={"Accept": "text/html"})
    took = time.perf_counter() - began
    assert answer.status_code in (200, 204), answer.status
    return took * 1000
