"""What calls share, in two tables: found in both, put in order many at a time.

In an index each new link goes to a page of its own, which is most of what it takes to
keep a call. So the newest links wait in a table without one, few enough to be read as
they lie, and are moved together: sorted, those that go to the same page go at once.
"""

from typing import Any

from sqlalchemy import BindParameter
from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import Insert
from sqlalchemy import Select
from sqlalchemy import Table
from sqlalchemy import any_
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import literal_column
from sqlalchemy import select
from sqlalchemy import union_all

from oauthapp.database import insert_or_nothing
from oauthapp.database import writing
from oauthapp.schema.recorder import call_links
from oauthapp.schema.recorder import new_call_links

#: Whoever looks for a link has to look in both.
TABLES = (new_call_links, call_links)


def carrying(link: str | BindParameter[str], *, limit: int) -> Select[Any]:
    """Ids of the newest calls that carry it, newest first, so many at most."""
    each = [_newest_of(table, link, limit).subquery() for table in TABLES]
    both = union_all(*(select(one) for one in each)).subquery()
    return select(both.c.call_id).order_by(both.c.at.desc()).limit(limit)


def of_these(ids: BindParameter[str]) -> Select[Any]:
    """Id and link, of calls of these ids."""
    each = [
        select(table.c.call_id, table.c.link).where(table.c.call_id.in_(ids))
        for table in TABLES
    ]
    return select(union_all(*each).subquery())


def put_in_order(engine: Engine, *, most: int) -> int:
    """Move some of those that wait to where an index finds them: how many it were."""
    of_ours = _of_sqlite if engine.dialect.name == "sqlite" else _of_postgresql
    with writing(engine) as connection:
        return of_ours(connection, most)


def _of_sqlite(connection: Connection, most: int) -> int:
    """Nobody else writes meanwhile, so what is found twice is the same."""
    rowid: ColumnElement[int] = literal_column("rowid")
    some = rowid.in_(select(rowid).select_from(new_call_links).limit(most))
    connection.execute(_insert("sqlite", select(new_call_links).where(some)))
    return connection.execute(delete(new_call_links).where(some)).rowcount


def _of_postgresql(connection: Connection, most: int) -> int:
    """Others write, so only what this one statement deletes is what it inserts."""
    ctid: ColumnElement[Any] = literal_column("ctid")
    free = select(ctid).select_from(new_call_links).limit(most)
    # An array is made once. In a list they might be looked for, and locked, again.
    some = func.array(free.with_for_update(skip_locked=True).scalar_subquery())
    gone = delete(new_call_links).where(ctid == any_(some))
    moved = select(gone.returning(*new_call_links.c).cte("gone"))
    statement = _insert("postgresql", moved)
    counted = statement.execution_options(preserve_rowcount=True)
    return connection.execute(counted).rowcount


def forget(connection: Connection, ids: Select[tuple[str]]) -> None:
    """Delete those of these calls."""
    for table in TABLES:
        connection.execute(delete(table).where(table.c.call_id.in_(ids)))


def _newest_of(table: Table, link: str | BindParameter[str], limit: int) -> Select[Any]:
    one = select(table.c.call_id, table.c.at).where(table.c.link == link)
    return one.order_by(table.c.at.desc()).limit(limit)


def _insert(dialect: str, some: Select[Any]) -> Insert:
    """In the order of the index."""
    rows = some.subquery()
    columns = [rows.c[name] for name in call_links.c.keys()]
    ordered = select(*columns).order_by(*columns)
    statement: Insert = insert_or_nothing(dialect, call_links)
    return statement.from_select(call_links.c.keys(), ordered)
