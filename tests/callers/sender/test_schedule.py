"""Events that are sent again and again: when, once, and what is kept of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func
from sqlalchemy import select

from oauthapp.callers.sender import schedule_store
from oauthapp.callers.sender.schedule import ScheduleMalformed
from oauthapp.callers.sender.schedule import next_run
from oauthapp.callers.sender.schedule_store import RUNS_KEPT
from oauthapp.callers.sender.schedule_store import Schedule
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.provider_workers import schedule_worker
from oauthapp.schema.sender import events

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()  # a Friday


@pytest.mark.parametrize(
    ("every", "seconds"),
    [
        ("30s", 30),
        ("5m", 300),
        ("2h", 7200),
        ("1d", 86400),
        ("*/5 * * * *", 300),
        ("0 13 * * *", 3600),
        ("0 12 * * *", 86400),
        ("0 9 * * 1-5", 3 * 86400 - 3 * 3600),
    ],
)
def test_the_next_run_is_later(every: str, seconds: int) -> None:
    assert next_run(every, after=NOON) == NOON + seconds


@pytest.mark.parametrize(
    "every",
    ["", "5", "0s", "-5m", "5 m", "1w", "٥m", "* * * *", "61 * * * *", "0 0 30 2 *"],
)
def test_what_is_no_schedule_says_what_to_write(every: str) -> None:
    with pytest.raises(ScheduleMalformed, match="crontab"):
        next_run(every, after=NOON)


@given(st.text(max_size=20))
def test_any_text_is_a_schedule_or_refused(every: str) -> None:
    try:
        assert next_run(every, after=NOON) > NOON
    except ScheduleMalformed:
        pass


def kept(provider, clock, every: str = "60s") -> Schedule:
    schedule = Schedule(
        schedule_id="sch_1",
        every=every,
        event_type="session.created",
        data={"n": 1},
        next_at=next_run(every, after=clock.now),
        created_at=clock.now,
    )
    with writing(provider.database) as connection:
        schedule_store.add(connection, schedule)
    return schedule


def count_events(provider) -> int:
    with reading(provider.database) as connection:
        counted = select(func.count()).select_from(events)
        return int(connection.execute(counted).scalar_one())


def test_a_schedule_sends_its_event_each_time_it_is_due(provider, clock) -> None:
    kept(provider, clock)
    worker = schedule_worker(provider)

    assert worker.run_once() == 0
    for sent in (1, 2, 3):
        clock.now += 60
        assert worker.run_once() == 1
        assert count_events(provider) == sent
        assert worker.run_once() == 0
    assert provider.wake.is_set()


def test_what_was_missed_is_made_up_for_once(provider, clock) -> None:
    kept(provider, clock)
    clock.now += 86400
    worker = schedule_worker(provider)

    assert [worker.run_once(), worker.run_once()] == [1, 0]
    assert count_events(provider) == 1


def test_of_eight_workers_one_runs_it(provider, clock) -> None:
    schedule = kept(provider, clock)
    clock.now += 60
    with ThreadPoolExecutor(8) as pool:
        ran = list(
            pool.map(
                lambda _: schedule_store.run(
                    provider.database, schedule, now=clock.now
                ),
                range(8),
            )
        )

    assert sorted(ran) == [False] * 7 + [True]
    assert count_events(provider) == 1


def test_the_last_hundred_runs_are_kept_with_their_messages(provider, clock) -> None:
    kept(provider, clock)
    worker = schedule_worker(provider)
    for _ in range(RUNS_KEPT + 5):
        clock.now += 60
        worker.run_once()
    with reading(provider.database) as connection:
        runs = schedule_store.runs(connection, "sch_1")

    assert len(runs) == RUNS_KEPT
    assert runs[0].ran_at == clock.now
    assert len({run.message_id for run in runs}) == RUNS_KEPT


def test_a_removed_schedule_sends_nothing_more(provider, clock) -> None:
    kept(provider, clock)
    with writing(provider.database) as connection:
        assert schedule_store.remove(connection, "sch_1")
        assert not schedule_store.remove(connection, "sch_1")
        assert schedule_store.listed(connection) == ()
    clock.now += 600
    assert schedule_worker(provider).run_once() == 0


def test_a_run_that_breaks_waits_a_minute(provider, clock, monkeypatch) -> None:
    kept(provider, clock)
    clock.now += 60
    worker = schedule_worker(provider)

    def broken(*_args: object, **_more: object) -> bool:
        raise KeyError("secret")

    with monkeypatch.context() as patch:
        patch.setattr(schedule_store, "run", broken)
        assert [worker.run_once(), worker.run_once()] == [1, 0]
    clock.now += 60
    assert worker.run_once() == 1
