"""Jobs as two processes share them, on each database we support."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy import select

from oauthapp.callers.jobs import store
from oauthapp.callers.jobs.store import Job
from oauthapp.callers.repos import store as repos
from oauthapp.callers.repos.store import Status
from oauthapp.database import open_database
from oauthapp.database import writing
from oauthapp.schema.jobs import job_counts
from oauthapp.schema.jobs import jobs
from oauthapp.schema.provider import provider_tables
from tests.databases import url_of

NOW = 1_700_000_000.0
JOB = Job(
    job_id="job_1",
    client_id="web",
    idempotency_key="one",
    kind="export",
    callback_url="https://app.example/results/demo",
    reference="ours",
    due_at=NOW,
    created_at=NOW,
)


@pytest.fixture(params=["sqlite", "postgresql"])
def engines(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[Engine]]:
    """Two engines on one database, as two processes have them."""
    url = url_of(request, tmp_path, "jobs")
    both = [open_database(url, provider_tables) for _ in range(2)]
    yield both
    for engine in both:
        engine.dispose()


def keep(engine: Engine, job: Job) -> bool:
    with writing(engine) as connection:
        return store.keep(connection, job)


def at_once(engines: list[Engine], do) -> list[object]:
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(do, range(8), engines * 4))


def test_of_many_with_one_key_one_begins_a_job(engines) -> None:
    def begin(number: int, engine: Engine) -> bool:
        return keep(engine, replace(JOB, job_id=f"job_{number}"))

    assert sum(at_once(engines, begin)) == 1
    with writing(engines[0]) as connection:
        found = store.find_by_key(connection, "one", client_id="web")
        assert found is not None
        assert store.find(connection, found.job_id, client_id="web") == found
        assert store.find(connection, found.job_id, client_id="other") is None
        assert store.client_of(connection, found.job_id) == "web"
        assert store.client_of(connection, "job_unknown") == ""


def test_each_job_is_claimed_by_one(engines) -> None:
    for number in range(20):
        key = f"key_{number}"
        keep(engines[0], replace(JOB, job_id=f"job_{number}", idempotency_key=key))

    claimed = at_once(engines, lambda _, engine: store.claim(engine, now=NOW, limit=9))

    ids = [job.job_id for some in claimed for job in some]
    assert sorted(ids) == sorted({f"job_{number}" for number in range(20)})


def test_a_job_is_finished_once_and_counted_each_time(engines) -> None:
    keep(engines[0], JOB)
    (job,) = store.claim(engines[0], now=NOW)

    def finish(_number: int, engine: Engine) -> bool:
        with writing(engine) as connection:
            store.count_finished(connection, job)
            return store.finish(connection, job, result={"rows": 1}, now=NOW)

    assert sum(at_once(engines, finish)) == 1
    with writing(engines[0]) as connection:
        (count,) = connection.execute(select(job_counts.c.finished)).scalars()
        (row,) = connection.execute(select(jobs)).all()
    assert count == 8
    assert (row.status, row.result) == ("done", {"rows": 1})


def test_a_job_given_back_is_due_later(engines) -> None:
    keep(engines[0], JOB)
    (job,) = store.claim(engines[0], now=NOW)

    store.postpone(engines[0], job, until=NOW + 60)

    assert store.claim(engines[1], now=NOW + 59) == ()
    assert [one.tries for one in store.claim(engines[1], now=NOW + 60)] == [2]


def test_each_clients_latest_word_about_a_commit_is_kept(engines) -> None:
    def say(state: str, at: float, client_id: str = "web") -> bool:
        said = Status(client_id=client_id, state=state, description="", reported_at=at)
        with writing(engines[0]) as connection:
            return repos.keep_status(connection, "demo", "c1", said)

    with writing(engines[0]) as connection:
        repos.keep_commit(connection, "demo", "c1", now=NOW)
    news = [say("pending", 1.0), say("success", 2.0), say("success", 3.0)]
    say("failure", 4.0, "other")

    assert news == [True, True, False]
    with writing(engines[0]) as connection:
        (commit,) = repos.latest(connection, "demo")
        assert repos.latest(connection, "other") == ()
        assert repos.is_known(connection, "demo", "c1")
        assert not repos.is_known(connection, "other", "c1")
    said = [(one.client_id, one.state, one.reported_at) for one in commit.statuses]
    assert said == [("other", "failure", 4.0), ("web", "success", 2.0)]
