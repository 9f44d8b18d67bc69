"""Exports and builds as two processes share them, on each database we support."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from oauthapp.callbacks.builds import store as builds
from oauthapp.callbacks.builds.store import Build
from oauthapp.callbacks.result import store
from oauthapp.callbacks.result.store import Export
from oauthapp.callbacks.result.verify import Result
from oauthapp.callbacks.result.verify import believe
from oauthapp.database import open_database
from oauthapp.database import writing
from oauthapp.schema.app import app_tables
from tests.callbacks.result.test_verify import GOOD
from tests.callbacks.result.test_verify import message
from tests.databases import url_of

NOW = 1_700_000_000.0
EXPORT = Export(export_id="export-1", provider="demo", created_at=NOW, due_at=NOW)
BUILD = Build(
    source="demo",
    repository="demo",
    commit="a" * 40,
    statuses_url="https://provider.example/repos/demo",
    message_id="msg_1",
    created_at=NOW,
    due_at=NOW,
)


@pytest.fixture(params=["sqlite", "postgresql"])
def engines(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[Engine]]:
    """Two engines on one database, as two processes have them."""
    url = url_of(request, tmp_path, "exports")
    both = [open_database(url, app_tables) for _ in range(2)]
    yield both
    for engine in both:
        engine.dispose()


def at_once(engines: list[Engine], do) -> list[object]:
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(do, range(8), engines * 4))


def keep(engine: Engine, export: Export = EXPORT) -> None:
    with writing(engine) as connection:
        store.keep(connection, export)


def result(number: int) -> Result:
    return believe(replace(GOOD, message=message(f"msg_{number}")))


def test_of_many_results_one_is_taken(engines) -> None:
    keep(engines[0])

    def take(number: int, engine: Engine) -> bool:
        with writing(engine) as connection:
            return store.take_result(connection, result(number), now=NOW)

    assert sum(at_once(engines, take)) == 1


def test_whoever_tells_it_first_is_who_we_learnt_it_from(engines) -> None:
    keep(engines[0])

    def learn(number: int, engine: Engine) -> bool:
        way = "polling" if number % 2 else "callback_url"
        told = {"way": way, "number": number}
        with writing(engine) as connection:
            return store.learn(
                connection, "export-1", way, result=told, finished_at=NOW, now=NOW
            )

    assert sum(at_once(engines, learn)) == 1
    with writing(engines[0]) as connection:
        export = store.find(connection, "export-1")
        assert store.find(connection, "export-2") is None
    assert export is not None and export.result is not None
    assert export.learnt_by == export.result["way"]


def test_each_export_is_asked_after_by_one(engines) -> None:
    for number in range(20):
        keep(engines[0], replace(EXPORT, export_id=f"export-{number}"))

    claimed = at_once(engines, lambda _, engine: store.claim(engine, now=NOW, limit=9))

    ids = [one.export_id for some in claimed for one in some]
    assert sorted(ids) == sorted({f"export-{number}" for number in range(20)})


def test_who_comes_late_changes_nothing(engines) -> None:
    keep(engines[0])
    (late,) = store.claim(engines[0], now=NOW)
    (prompt,) = store.claim(engines[1], now=NOW + store.LEASE)

    with writing(engines[0]) as connection:
        assert store.change(connection, prompt, job_id="job_1", due_at=NOW + 60)
        assert not store.change(connection, late, job_id="job_2")
        export = store.find(connection, "export-1")
    assert export is not None and export.job_id == "job_1"


def test_a_commit_is_built_once_by_one(engines) -> None:
    def keep_build(number: int, engine: Engine) -> bool:
        with writing(engine) as connection:
            return builds.keep(connection, replace(BUILD, message_id=f"msg_{number}"))

    assert sum(at_once(engines, keep_build)) == 1
    claimed = at_once(engines, lambda _, engine: builds.claim(engine, now=NOW))
    (build,) = [one for some in claimed for one in some]
    builds.settle(engines[0], build, "reported", state="success", now=NOW + 1)

    (kept,) = builds.latest(engines[1])
    assert (kept.status, kept.state, kept.settled_at) == (
        "reported",
        "success",
        NOW + 1,
    )


def test_a_report_that_comes_late_settles_nothing(engines) -> None:
    with writing(engines[0]) as connection:
        builds.keep(connection, BUILD)
    (late,) = builds.claim(engines[0], now=NOW)
    builds.claim(engines[1], now=NOW + builds.LEASE)

    builds.settle(engines[0], late, "dead", state=None, reason="late", now=NOW)

    assert [one.status for one in builds.latest(engines[0])] == ["pending"]
