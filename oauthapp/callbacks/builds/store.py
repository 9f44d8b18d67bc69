"""Builds: each commit is built once, and reported on until it is heard."""

from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import select
from sqlalchemy import update

from oauthapp.aging_store import forget_settled
from oauthapp.database import insert_once
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.lease_store import claim_due
from oauthapp.schema.work import builds

#: Seconds after which a build is taken again from a worker that says nothing: longer
#: than a call may last.
LEASE = 15.0


@dataclass(frozen=True, kw_only=True)
class Build:
    """A commit that we were told of."""

    source: str
    repository: str
    commit: str
    statuses_url: str
    message_id: str
    created_at: float
    state: str | None = None
    status: Literal["pending", "reported", "dead"] = "pending"
    tries: int = 0
    due_at: float
    settled_at: float | None = None
    reason: str = ""


def keep(connection: Connection, build: Build) -> bool:
    """Keep that a commit is to be built; once told is told."""
    return insert_once(connection, builds, asdict(build))


def claim(
    engine: Engine, *, now: float, limit: int = 20, lease: float = LEASE
) -> tuple[Build, ...]:
    """Up to `limit` builds that are due, each nobody else's until the lease ends."""
    rows = claim_due(
        engine, builds, waiting="pending", now=now, limit=limit, lease=lease
    )
    return tuple(Build(**row) for row in rows)


def settle(
    engine: Engine,
    build: Build,
    status: Literal["reported", "dead"],
    *,
    state: str | None,
    reason: str = "",
    now: float,
) -> None:
    """There is nothing more to do about it."""
    values = {"status": status, "state": state, "reason": reason, "settled_at": now}
    with writing(engine) as connection:
        _update(connection, build, values)


def postpone(
    engine: Engine, build: Build, *, state: str | None, reason: str, until: float
) -> None:
    """Give it back for a later try."""
    values = {"state": state, "reason": reason, "due_at": until}
    with writing(engine) as connection:
        _update(connection, build, values)


def latest(engine: Engine, *, limit: int = 20) -> tuple[Build, ...]:
    """The newest builds first."""
    newest = select(builds).order_by(builds.c.created_at.desc(), builds.c.commit)
    with reading(engine) as connection:
        rows = connection.execute(newest.limit(limit)).mappings()
        return tuple(Build(**row) for row in rows)


def forget(engine: Engine, *, before: float, limit: int) -> int:
    """Delete up to `limit` builds that were reported on before then: how many."""
    return forget_settled(engine, builds, status="reported", before=before, limit=limit)


def _update(connection: Connection, build: Build, values: Mapping[str, object]) -> None:
    statement = update(builds).where(
        builds.c.source == build.source,
        builds.c.repository == build.repository,
        builds.c.commit == build.commit,
        builds.c.status == "pending",
        builds.c.tries == build.tries,
    )
    connection.execute(statement.values(values))
