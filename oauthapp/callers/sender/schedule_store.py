"""Schedules and their last runs: each run is made by one worker, with its event."""

from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import bindparam
from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from oauthapp.callers.sender.event_store import publish
from oauthapp.callers.sender.schedule import next_run
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.schema.sender import schedule_runs
from oauthapp.schema.sender import schedules

#: Runs of each schedule that are kept.
RUNS_KEPT = 100

#: Built once: an idle worker looks for it again and again.
_DUE = select(schedules).where(schedules.c.next_at <= bindparam("now"))


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """An event that is sent again and again."""

    schedule_id: str
    #: `30s`, `5m`, `2h`, `1d`, or five fields as in crontab(5), in UTC.
    every: str
    event_type: str
    data: Mapping[str, object]
    next_at: float
    created_at: float


@dataclass(frozen=True, kw_only=True)
class Run:
    """One time that a schedule came due."""

    due_at: float
    ran_at: float
    message_id: str


def add(connection: Connection, schedule: Schedule) -> None:
    """Keep a schedule."""
    connection.execute(insert(schedules), asdict(schedule))


def listed(connection: Connection) -> tuple[Schedule, ...]:
    """All of them, the oldest first."""
    wanted = select(schedules).order_by(schedules.c.created_at, schedules.c.schedule_id)
    rows = connection.execute(wanted).mappings()
    return tuple(Schedule(**row) for row in rows)


def runs(connection: Connection, schedule_id: str) -> tuple[Run, ...]:
    """Its last runs, the newest first."""
    wanted = (
        select(schedule_runs)
        .where(schedule_runs.c.schedule_id == schedule_id)
        .order_by(schedule_runs.c.due_at.desc())
    )
    return tuple(
        Run(due_at=row.due_at, ran_at=row.ran_at, message_id=row.message_id)
        for row in connection.execute(wanted)
    )


def remove(connection: Connection, schedule_id: str) -> bool:
    """Forget a schedule with its runs: whether it was there."""
    of_it = schedule_runs.c.schedule_id == schedule_id
    connection.execute(delete(schedule_runs).where(of_it))
    same = schedules.c.schedule_id == schedule_id
    return connection.execute(delete(schedules).where(same)).rowcount == 1


def due(engine: Engine, *, now: float) -> tuple[Schedule, ...]:
    """Those that have come due."""
    with reading(engine) as connection:
        rows = connection.execute(_DUE, {"now": now}).mappings()
        return tuple(Schedule(**row) for row in rows)


def run(engine: Engine, schedule: Schedule, *, now: float) -> bool:
    """Publish its event once, whoever else tries: whether it was us.

    What came due while nobody worked is made up for once, not time after time.
    """
    following = next_run(schedule.every, after=max(now, schedule.next_at))
    with writing(engine) as connection:
        ours = update(schedules).where(
            schedules.c.schedule_id == schedule.schedule_id,
            schedules.c.next_at == schedule.next_at,
        )
        if connection.execute(ours.values(next_at=following)).rowcount != 1:
            return False
        message_id = publish(
            connection, event_type=schedule.event_type, data=schedule.data, now=now
        )
        made = {
            "schedule_id": schedule.schedule_id,
            "due_at": schedule.next_at,
            "ran_at": now,
            "message_id": message_id,
        }
        connection.execute(insert(schedule_runs), made)
        _forget_old_runs(connection, schedule.schedule_id)
    return True


def postpone(engine: Engine, schedule: Schedule, *, until: float) -> None:
    """Try a run that broke off again then, and not over and over."""
    same = schedules.c.schedule_id == schedule.schedule_id
    with writing(engine) as connection:
        connection.execute(update(schedules).where(same).values(next_at=until))


def _forget_old_runs(connection: Connection, schedule_id: str) -> None:
    of_it = schedule_runs.c.schedule_id == schedule_id
    oldest_kept = (
        select(schedule_runs.c.due_at)
        .where(of_it)
        .order_by(schedule_runs.c.due_at.desc())
        .limit(1)
        .offset(RUNS_KEPT - 1)
    )
    border = connection.execute(oldest_kept).scalar_one_or_none()
    if border is not None:
        older = schedule_runs.c.due_at < border
        connection.execute(delete(schedule_runs).where(of_it, older))
