"""Jobs: begun once, done once, and read by whoever gave them to us."""

from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import dataclass
from typing import Any
from typing import Literal

from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import select
from sqlalchemy import update

from oauthapp.aging_store import forget_settled
from oauthapp.database import insert_once
from oauthapp.database import writing
from oauthapp.lease_store import claim_due
from oauthapp.schema.jobs import job_counts
from oauthapp.schema.jobs import jobs

#: Seconds after which a job is taken again from a worker that says nothing.
LEASE = 5.0


@dataclass(frozen=True, kw_only=True)
class Job:
    """Work for a client."""

    job_id: str
    client_id: str
    idempotency_key: str
    kind: str
    callback_url: str
    reference: str
    status: Literal["running", "done"] = "running"
    tries: int = 0
    due_at: float
    created_at: float
    finished_at: float | None = None
    result: Mapping[str, Any] | None = None


def keep(connection: Connection, job: Job) -> bool:
    """Keep a job: whether its idempotency key was new. The insert decides."""
    return insert_once(connection, jobs, asdict(job))


def find(connection: Connection, job_id: str, *, client_id: str) -> Job | None:
    """The job of this name, if it is this client's."""
    ours = select(jobs).where(jobs.c.job_id == job_id, jobs.c.client_id == client_id)
    return _job(connection, ours)


def find_by_key(connection: Connection, key: str, *, client_id: str) -> Job | None:
    """The job that this client began with this idempotency key."""
    ours = jobs.c.client_id == client_id
    return _job(connection, select(jobs).where(ours, jobs.c.idempotency_key == key))


def client_of(connection: Connection, job_id: str) -> str:
    """Who gave us this job, "" when nobody did."""
    whose = select(jobs.c.client_id).where(jobs.c.job_id == job_id)
    return str(connection.execute(whose).scalar_one_or_none() or "")


def claim(
    engine: Engine, *, now: float, limit: int = 20, lease: float = LEASE
) -> tuple[Job, ...]:
    """Up to `limit` jobs that are to be done now, each nobody else's until then."""
    rows = claim_due(engine, jobs, waiting="running", now=now, limit=limit, lease=lease)
    return tuple(Job(**row) for row in rows)


def finish(
    connection: Connection,
    job: Job,
    *,
    result: Mapping[str, Any],
    now: float,
) -> bool:
    """Mark a job as done: whether it was still ours to do."""
    values = {"status": "done", "result": dict(result), "finished_at": now}
    return _update(connection, job, **values)


def postpone(engine: Engine, job: Job, *, until: float) -> None:
    """Give it back for a later try."""
    with writing(engine) as connection:
        _update(connection, job, due_at=until)


def count_finished(connection: Connection, job: Job) -> None:
    """Add one to the jobs of this kind that its client has had done."""
    row = {"client_id": job.client_id, "kind": job.kind, "finished": 0}
    insert_once(connection, job_counts, row)
    same = (job_counts.c.client_id == job.client_id, job_counts.c.kind == job.kind)
    one_more = {"finished": job_counts.c.finished + 1}
    connection.execute(update(job_counts).where(*same).values(one_more))


def forget(engine: Engine, *, before: float, limit: int) -> int:
    """Delete up to `limit` jobs that were done before then: how many."""
    return forget_settled(engine, jobs, status="done", before=before, limit=limit)


def _job(connection: Connection, wanted: Any) -> Job | None:
    row = connection.execute(wanted).mappings().one_or_none()
    return None if row is None else Job(**row)


def _update(connection: Connection, job: Job, **values: object) -> bool:
    statement = update(jobs).where(
        jobs.c.job_id == job.job_id,
        jobs.c.status == "running",
        jobs.c.tries == job.tries,
    )
    return connection.execute(statement.values(values)).rowcount == 1
