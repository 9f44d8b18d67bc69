"""Rows that are too old: looked for, and deleted."""

from sqlalchemy import ColumnElement
from sqlalchemy import Engine
from sqlalchemy import Table
from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy import tuple_

from oauthapp.database import padded
from oauthapp.database import reading
from oauthapp.database import writing


def forget(
    engine: Engine, table: Table, old: ColumnElement[bool], *, limit: int
) -> int:
    """Delete up to `limit` rows that are `old`: how many."""
    key = tuple(table.primary_key)
    found = select(*key).where(old).limit(limit)
    with reading(engine) as connection:  # mostly there are none
        keys = [tuple(row) for row in connection.execute(found)]
    if not keys:
        return 0
    with writing(engine) as connection:
        gone = delete(table).where(tuple_(*key).in_(padded(keys)), old)
        return connection.execute(gone).rowcount


def forget_settled(
    engine: Engine, table: Table, *, status: str, before: float, limit: int
) -> int:
    """The same of rows that came to this status before then.

    A row was due for the last time when that happened, and that has an index.

    :param table: with the columns status and due_at.
    """
    old = (table.c.status == status) & (table.c.due_at < before)
    return forget(engine, table, old, limit=limit)
