"""The inbox's processed messages: counted, emptied, and in the end forgotten."""

from itertools import accumulate

from sqlalchemy import Engine
from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update

from oauthapp import aging_store
from oauthapp.aging_store import forget_settled
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.schema.app import announced_sessions
from oauthapp.schema.app import inbox

_KEY = (inbox.c.source, inbox.c.message_id)
_DONE = inbox.c.status == "done"


def forget(engine: Engine, *, before: float, limit: int) -> int:
    """Delete up to `limit` messages that were processed before then: how many."""
    return forget_settled(engine, inbox, status="done", before=before, limit=limit)


def forget_announced(engine: Engine, *, before: float, limit: int) -> int:
    """Delete up to `limit` sessions that messages told of before then: how many."""
    old = announced_sessions.c.announced_at < before
    return aging_store.forget(engine, announced_sessions, old, limit=limit)


def size(engine: Engine) -> int:
    """Bytes of all bodies."""
    with reading(engine) as connection:
        total = select(func.coalesce(func.sum(func.length(inbox.c.body)), 0))
        return int(connection.execute(total).scalar_one())


def empty(engine: Engine, *, excess: int, limit: int) -> int:
    """Take their bodies from the oldest processed messages: from how many.

    Their ids stay, so that a repetition is still known as one.
    """
    length = func.length(inbox.c.body)
    oldest = (
        select(*_KEY, length)
        .where(_DONE, length > 0)
        .order_by(inbox.c.due_at)
        .limit(limit)
    )
    with reading(engine) as connection:
        rows = connection.execute(oldest).all()
    before = [0, *accumulate(row[2] for row in rows)]
    keys = [
        {"of_source": row[0], "of_id": row[1]}
        for row, gone in zip(rows, before, strict=False)
        if gone < excess
    ]
    if not keys:
        return 0
    emptied = update(inbox).where(
        inbox.c.source == bindparam("of_source"),
        inbox.c.message_id == bindparam("of_id"),
        _DONE,
    )
    with writing(engine) as connection:
        connection.execute(emptied.values(body=b""), keys)
    return len(keys)
