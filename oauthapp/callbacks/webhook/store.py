"""The inbox: each message is kept exactly once, and worked on by one at a time."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Any
from typing import Protocol
from weakref import WeakKeyDictionary
from weakref import ref

from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import and_
from sqlalchemy import false
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update

from oauthapp.capacity import Amount
from oauthapp.database import padded
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.grouping import Group
from oauthapp.inserting import insert_each_once
from oauthapp.schema.app import inbox

#: Seconds after which a message is taken again from a worker that says nothing.
LEASE = 3.0
#: A message that failed this many times is dead.
MAX_TRIES = 10
#: The longest pause between two tries, in seconds.
LONGEST_PAUSE = 300.0

#: Who keeps messages in the same database shares transactions.
_groups = WeakKeyDictionary[Engine, Group[Mapping[str, Any], bool]]()
_groups_lock = Lock()


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A kept message that is ours to process until its lease ends."""

    source: str
    message_id: str
    event_type: str
    body: bytes
    #: Counts this try too; a later claim has a higher number, and ours ends.
    tries: int


class Believed(Protocol):
    """What a `verify` has believed: a message, or a security event."""

    @property
    def id(self) -> str: ...
    @property
    def timestamp(self) -> int | None: ...
    @property
    def body(self) -> bytes: ...


def keep(
    engine: Engine, *, source: str, message: Believed, event_type: str, now: float
) -> bool:
    """Keep a message for good: whether it was new. The insert decides.

    Those who come at the same time share a transaction; when this returns, it has
    ended.
    """
    row: Mapping[str, Any] = {
        "source": source,
        "message_id": message.id,
        "timestamp": message.timestamp,
        "event_type": event_type,
        "body": message.body,
        "received_at": now,
        "status": "pending",
        "tries": 0,
        "due_at": now,
        "reason": "",
    }
    return _group(engine).write(row)


def waiting(engine: Engine) -> Amount:
    """How many wait for the worker, and the bytes of their bodies."""
    size = func.coalesce(func.sum(func.length(inbox.c.body)), 0)
    pending = select(func.count(), size).where(inbox.c.status == "pending")
    with reading(engine) as connection:
        count, total = connection.execute(pending).one()
    return Amount(count, int(total))


def _group(engine: Engine) -> Group[Mapping[str, Any], bool]:
    with _groups_lock:
        if engine not in _groups:
            # Held weakly by its own group, an engine can still go.
            _groups[engine] = Group(partial(_insert, ref(engine)))
        return _groups[engine]


def _insert(engine: "ref[Engine]", rows: Sequence[Mapping[str, Any]]) -> list[bool]:
    here = engine()
    assert here is not None  # whoever writes has it
    return insert_each_once(here, inbox, rows)


def claim(
    engine: Engine, *, now: float, limit: int, lease: float = LEASE
) -> tuple[Claimed, ...]:
    """Up to `limit` messages that are due, each nobody else's until the lease ends."""
    taken = (inbox.c.message_id, inbox.c.event_type, inbox.c.body, inbox.c.tries)
    due = (
        select(inbox.c.source, *taken)
        .where(inbox.c.status == "pending", inbox.c.due_at <= now)
        .order_by(inbox.c.due_at)
        .limit(limit)
    )
    with reading(engine) as connection:  # an idle worker must not hold up writers
        if connection.execute(due.limit(1)).first() is None:
            return ()
    with writing(engine) as connection:
        rows = connection.execute(due.with_for_update(skip_locked=True)).all()
        claimed = tuple(
            Claimed(
                source=row.source,
                message_id=row.message_id,
                event_type=row.event_type,
                body=row.body,
                tries=row.tries + 1,
            )
            for row in _one_batch(rows)
        )
        taken_again = {"tries": inbox.c.tries + 1, "due_at": now + lease}
        _update_all(connection, claimed, taken_again)
    return claimed


def _one_batch(rows: Sequence[Any]) -> Sequence[Any]:
    """Those never tried before go together; one that was, goes alone.

    Else a message that kills its worker would take its neighbours' tries with it.
    """
    if rows and rows[0].tries:
        return rows[:1]
    return [row for row in rows if not row.tries]


def still_ours(
    connection: Connection, batch: Sequence[Claimed]
) -> frozenset[tuple[str, str]]:
    """Source and id of those whose lease did not go to another one meanwhile.

    Until the transaction ends it cannot.
    """
    wanted = {(one.source, one.message_id): one.tries for one in batch}
    statement = (
        select(inbox.c.source, inbox.c.message_id, inbox.c.tries)
        .where(_among(batch), inbox.c.status == "pending")
        .order_by(inbox.c.source, inbox.c.message_id)
        .with_for_update()
    )
    return frozenset(
        (row.source, row.message_id)
        for row in connection.execute(statement)
        if wanted[row.source, row.message_id] == row.tries
    )


def finish(connection: Connection, batch: Sequence[Claimed], *, now: float) -> None:
    """Mark them done. Their effects go in the same transaction."""
    values = {"status": "done", "due_at": now, "settled_at": now, "reason": ""}
    _update_all(connection, batch, values)


def bury(
    connection: Connection, batch: Sequence[Claimed], *, reason: str, now: float
) -> None:
    """They will never work: keep them as dead, with the reason, for people to see."""
    values = {"status": "dead", "due_at": now, "settled_at": now, "reason": reason}
    _update_all(connection, batch, values)


def fail(engine: Engine, one: Claimed, *, reason: str, now: float) -> None:
    """Give it back for a later try, or bury it when its tries are used up."""
    with writing(engine) as connection:
        if not still_ours(connection, [one]):
            return
        if one.tries >= MAX_TRIES:
            return bury(connection, [one], reason=reason, now=now)
        pause = min(2.0**one.tries, LONGEST_PAUSE)
        _update_all(connection, [one], {"due_at": now + pause, "reason": reason})


def _update_all(
    connection: Connection, batch: Sequence[Claimed], values: Mapping[str, object]
) -> None:
    """Set `values` of each, in one statement."""
    if not batch:
        return
    connection.execute(update(inbox).where(_among(batch)).values(values))


def _among(batch: Sequence[Claimed]) -> ColumnElement[bool]:
    """That a row is one of these.

    Source by source: a list of pairs makes PostgreSQL read the whole inbox as long as
    it does not know how large that has become.
    """
    ids: dict[str, list[str]] = {}
    for one in batch:
        ids.setdefault(one.source, []).append(one.message_id)
    return or_(
        false(),
        *(
            and_(inbox.c.source == source, inbox.c.message_id.in_(padded(some)))
            for source, some in ids.items()
        ),
    )
