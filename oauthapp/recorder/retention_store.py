"""The recorder's oldest calls: looked at, and in the end forgotten."""

from typing import Any

from sqlalchemy import Engine
from sqlalchemy import Row
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select

from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.recorder import link_store
from oauthapp.schema.recorder import calls


def oldest(engine: Engine, *, limit: int) -> list[Row[Any]]:
    """Number and beginning of the calls that were kept first."""
    columns = select(calls.c.number, calls.c.at)
    with reading(engine) as connection:
        first = columns.order_by(calls.c.number).limit(limit)
        return list(connection.execute(first))


def newest_number(engine: Engine) -> int:
    """The number of the call kept last, 0 when there is none."""
    with reading(engine) as connection:
        return connection.execute(select(func.max(calls.c.number))).scalar() or 0


def forget(engine: Engine, *, last: int, too_many: int, since: float) -> int:
    """Delete calls and what ties them to others: how many there were.

    :param last: the number of the last one that is looked at; of those before it
        go all that are numbered up to `too_many`, and all that began before `since`.
    """
    # Not by their ids: each number of ids would be a statement of its own, which each
    # connection keeps prepared, of five hundred in a hundred kilobytes.
    old = (calls.c.number <= last) & (
        (calls.c.number <= too_many) | (calls.c.at < since)
    )
    ids = select(calls.c.id).where(old)
    with writing(engine) as connection:
        link_store.forget(connection, ids)
        return connection.execute(delete(calls).where(old)).rowcount
