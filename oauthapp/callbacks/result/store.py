"""Exports: begun once, and their result learnt once, whichever way tells it first."""

from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import dataclass
from typing import Any
from typing import Literal

from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from oauthapp.aging_store import forget_settled
from oauthapp.callbacks.result.verify import PendingExport
from oauthapp.callbacks.result.verify import Result
from oauthapp.lease_store import claim_due
from oauthapp.schema.work import exports

#: Seconds after which an export is taken again from a worker that says nothing:
#: longer than a call may last.
LEASE = 15.0

Way = Literal["callback_url", "polling"]


@dataclass(frozen=True, kw_only=True)
class Export:
    """Work that we gave to a provider."""

    export_id: str
    provider: str
    job_id: str | None = None
    job_url: str | None = None
    created_at: float
    status: Literal["asking", "over"] = "asking"
    tries: int = 0
    polls: int = 0
    failures: int = 0
    due_at: float
    reason: str = ""
    learnt_by: Way | None = None
    learnt_at: float | None = None
    result: Mapping[str, Any] | None = None
    finished_at: float | None = None
    callback_at: float | None = None
    callback_message: str | None = None
    polled_at: float | None = None


def keep(connection: Connection, export: Export) -> None:
    """Keep what is about to be asked for, before it is."""
    connection.execute(insert(exports), asdict(export))


def find(connection: Connection, export_id: str) -> Export | None:
    """The export of this name."""
    wanted = select(exports).where(exports.c.export_id == export_id)
    row = connection.execute(wanted).mappings().one_or_none()
    return None if row is None else Export(**row)


def find_pending(connection: Connection, reference: str) -> PendingExport | None:
    """What we know of the job that was asked for under this reference."""
    export = find(connection, reference)
    if export is None:
        return None
    return PendingExport(
        export_id=export.export_id,
        provider=export.provider,
        job_id=export.job_id,
        callback_message=export.callback_message,
    )


def take_result(connection: Connection, said: Result, *, now: float) -> bool:
    """Keep that a result came by callback: whether none had. Of two one is told so."""
    first = (
        exports.c.export_id == said.export_id,
        exports.c.callback_message.is_(None),
    )
    values = {"callback_message": said.message_id, "callback_at": now}
    statement = update(exports).where(*first).values(values)
    return connection.execute(statement).rowcount == 1


def take_again(connection: Connection, said: Result, *, now: float) -> None:
    """Put a result in the place of whatever was learnt before."""
    values = {
        "callback_message": said.message_id,
        "callback_at": now,
        "learnt_by": "callback_url",
        "learnt_at": now,
        "result": dict(said.result),
        "finished_at": said.finished_at,
    }
    same = exports.c.export_id == said.export_id
    connection.execute(update(exports).where(same).values(values))


def learn(
    connection: Connection,
    export_id: str,
    way: Way,
    *,
    result: Mapping[str, Any],
    finished_at: float,
    now: float,
) -> bool:
    """Keep the result and how we learnt it: whether we had not learnt it before."""
    new = (exports.c.export_id == export_id, exports.c.learnt_by.is_(None))
    values = {
        "learnt_by": way,
        "learnt_at": now,
        "result": dict(result),
        "finished_at": finished_at,
    }
    return connection.execute(update(exports).where(*new).values(values)).rowcount == 1


def claim(
    engine: Engine, *, now: float, limit: int = 20, lease: float = LEASE
) -> tuple[Export, ...]:
    """Up to `limit` exports to ask after, each nobody else's until the lease ends."""
    rows = claim_due(
        engine, exports, waiting="asking", now=now, limit=limit, lease=lease
    )
    return tuple(Export(**row) for row in rows)


def change(connection: Connection, export: Export, **values: object) -> bool:
    """Keep what came of asking: whether it was still ours to ask."""
    statement = update(exports).where(
        exports.c.export_id == export.export_id,
        exports.c.status == "asking",
        exports.c.tries == export.tries,
    )
    return connection.execute(statement.values(values)).rowcount == 1


def forget(engine: Engine, *, before: float, limit: int) -> int:
    """Delete up to `limit` exports after which we ask no more before then: how many."""
    return forget_settled(engine, exports, status="over", before=before, limit=limit)
