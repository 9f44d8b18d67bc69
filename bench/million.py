"""Are the pages as fast among a million recorded calls as among a thousand?

    python -m bench.million --json out.json

Fills two recorders, one of a thousand and one of a million calls, and asks the app for
the same pages of both, in turn, in this process. Exit code 1 when a page takes more
than twice as long among a million.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from typing import cast

from flask.testing import FlaskClient

from bench.machine import machine
from bench.million_calls import fill
from oauthapp.app import create_app
from oauthapp.database import open_database
from oauthapp.recorder import search_store
from oauthapp.recorder.call import Call
from oauthapp.recorder.filter import Filter
from oauthapp.recorder.store import Recorder
from oauthapp.schema.recorder import recorder_tables
from oauthapp.services import AppServices
from oauthapp.settings import AppSettings
from oauthapp.settings import LoginProvider
from tests.postgresql import new_databases
from tests.postgresql import postgresql_binaries
from tests.postgresql import running_postgresql

#: At most so many times as long.
ALLOWED = 2.0

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Side:
    """An app and what its recorder holds."""

    client: FlaskClient
    recorder: Recorder

    def number(self, at: float) -> int:
        """That of the call at this share of all, 0.0 the oldest."""
        first, last = search_store.extent(self.recorder.database)
        return first + int((last - first) * at)

    def call(self, at: float) -> Call:
        """The callback that came last before that."""
        database, number = self.recorder.database, self.number(at)
        wanted = Filter(path="/callback/demo")
        found = search_store.page(database, wanted, before=number + 1)
        call = self.recorder.find(found.rows[0].id)
        assert call is not None
        return call

    def link(self, at: float) -> str:
        """What that call and four others carry."""
        return next(one for one in self.call(at).links if one.startswith("sid:"))

    def page_1000(self) -> int:
        """The number it begins before, or the last page's where there are fewer."""
        first, last = search_store.extent(self.recorder.database)
        return max(first + search_store.PAGE, last - 999 * search_store.PAGE)


#: What is asked for, by name.
ASKED: dict[str, Callable[[Side], str]] = {
    "compare": lambda side: "/",
    "inspect": lambda side: "/inspect",
    "inspect as JSON": lambda side: "/inspect.json",
    "page 1000": lambda side: f"/inspect?before={side.page_1000()}",
    "the oldest page": lambda side: f"/inspect?before={side.number(0) + 50}",
    "one call, new": lambda side: f"/inspect/{side.call(1.0).id}",
    "one call, old": lambda side: f"/inspect/{side.call(0.05).id}",
    "kind": lambda side: "/inspect?kind=webhook",
    "kind nobody used": lambda side: "/inspect?kind=polling",
    "4xx": lambda side: "/inspect?status=4xx",
    "status 401": lambda side: "/inspect?status=401",
    "reason": lambda side: "/inspect?reason=signature_mismatch",
    "refused webhooks": lambda side: "/inspect?verdict=refused&kind=webhook",
    "path": lambda side: "/inspect?path=/callback",
    "path nobody called": lambda side: "/inspect?path=/nowhere/at/all",
    "three that never meet": lambda side: (
        "/inspect?method=POST&party=app&verdict=failed&kind=redirect"
    ),
    "method nobody used": lambda side: "/inspect?method=BREW",
    "link, new": lambda side: f"/inspect?link={side.link(1.0)}",
    "link, old": lambda side: f"/inspect?link={side.link(0.1)}",
    "link and method": lambda side: f"/inspect?method=PUT&link={side.link(0.5)}",
    "text, frequent": lambda side: "/inspect?text=localhost",
    "text, once": lambda side: "/inspect?text=a+needle",
    "text, nowhere": lambda side: "/inspect?text=no+such+text",
    "a time long ago": lambda side: (
        f"/inspect?since={side.call(0.1).at}&until={side.call(0.2).at}"
    ),
    "text in a time": lambda side: f"/inspect?text=zzz&since={side.call(0.1).at}",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--few", type=int, default=1000)
    parser.add_argument("--many", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=25)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    result: Row = {"before": machine(), "pages": []}
    for kind in asked.databases:
        with ExitStack() as stack:
            urls = stack.enter_context(databases(kind))
            few, many = (
                stack.enter_context(side(url, count))
                for url, count in zip(urls, (asked.few, asked.many), strict=True)
            )
            result["pages"] += [
                compare(kind, name, few, many, asked.times) for name in ASKED
            ]
    result["after"] = machine()
    print(f"before {result['before']}\nafter  {result['after']}")
    if asked.json:
        asked.json.write_text(json.dumps(result, indent=1) + "\n")
    return 0 if all(row["ratio"] <= ALLOWED for row in result["pages"]) else 1


@contextmanager
def databases(kind: str) -> Iterator[tuple[str, str]]:
    """Two empty ones, gone in the end."""
    with ExitStack() as stack:
        if kind == "sqlite":
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            yield f"sqlite:///{folder}/few.sqlite", f"sqlite:///{folder}/many.sqlite"
            return
        binaries = postgresql_binaries()
        if binaries is None:
            raise SystemExit("no PostgreSQL on this machine")
        server = stack.enter_context(running_postgresql(binaries))
        new_databases(server, "few", "many")
        yield f"{server}/few", f"{server}/many"


@contextmanager
def side(url: str, count: int) -> Iterator[Side]:
    """An app whose recorder holds that many calls."""
    engine = open_database(url, recorder_tables, durable=False)
    began = time.perf_counter()
    fill(engine, count)
    took = time.perf_counter() - began
    print(f"{engine.dialect.name}: {count} calls filled in {took:.0f} s", flush=True)
    recorder = Recorder(engine, "key", time.time)
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(_settings(folder), recorder)
        yield Side(client=app.test_client(), recorder=recorder)
        services = cast(AppServices, app.extensions["oauthapp"])
        services.http.close()
        services.database.dispose()
    engine.dispose()


def _settings(folder: str) -> AppSettings:
    provider = LoginProvider(
        issuer="http://127.0.0.1:5001", client_id="c", client_secret="s" * 32
    )
    return AppSettings(
        base_url="http://localhost:5000",
        secret_key="a-key-of-thirty-two-bytes-or-more",
        database_url=f"sqlite:///{folder}/app.sqlite",
        providers={"demo": provider},
    )


def compare(database: str, name: str, few: Side, many: Side, times: int) -> Row:
    """The same page of both, in turn: the least time, as neighbours only ever add."""
    paths = [(side, ASKED[name](side)) for side in (few, many)]
    took: list[list[Took]] = [[], []]
    for _ in range(times + 2):  # the first two warm up
        for (asked, path), each in zip(paths, took, strict=True):
            each.append(_ask(asked.client, path))
    little, much = (min(one.ms for one in each[2:]) for each in took)
    cpu_little, cpu_much = (min(one.cpu_ms for one in each[2:]) for each in took)
    row = {"ratio": much / little, "cpu_ratio": cpu_much / cpu_little}
    print(
        f"{database:11} {name:22} {little:7.1f} ms {much:7.1f} ms  {row['ratio']:.2f}"
        f"  CPU {row['cpu_ratio']:.2f}",
        flush=True,
    )
    return row | {"database": database, "page": name, "few_ms": little, "many_ms": much}


@dataclass(frozen=True, kw_only=True)
class Took:
    """How long an answer took, and how long a processor worked on it here."""

    ms: float
    cpu_ms: float


def _ask(client: FlaskClient, path: str) -> Took:
    began, worked = time.perf_counter(), time.thread_time()
    answer = client.get(path, headers={"Accept": "text/html"})
    ms = (time.perf_counter() - began) * 1000
    cpu_ms = (time.thread_time() - worked) * 1000
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code}")
    return Took(ms=ms, cpu_ms=cpu_ms)


if __name__ == "__main__":
    sys.exit(main())
