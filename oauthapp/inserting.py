"""Inserting on the path where every request waits: one statement, given to the driver.

What SQLAlchemy does for a statement takes longer there than the statement itself, so
it only writes the statement, once, and keeps the connections.
"""

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import closing
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Engine
from sqlalchemy import Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError

from oauthapp.database import insert_and_tell


def insert_each_once(
    engine: Engine, table: Table, rows: Sequence[Mapping[str, Any]]
) -> list[bool]:
    """Insert each row unless its key is taken, also by one before it: which were new.

    One statement for all rows, and a transaction of its own, which has ended when this
    returns. The rows go in the order of their keys, so that of two processes with the
    same keys one waits for the other, and not each for each.

    :param rows: all of the same columns, in the same order, also those with a default.
    """
    key = tuple(column.name for column in table.primary_key)
    keys = [tuple(row[name] for name in key) for row in rows]
    order = sorted(range(len(rows)), key=keys.__getitem__)
    statement = _statement_for(engine.dialect.name, table, tuple(rows[0]), len(rows))
    values = [value for number in order for value in rows[number].values()]
    with _driver(engine) as cursor:
        cursor.execute(statement, values)
        new = set(cursor.fetchall())
    found = []
    for one in keys:
        found.append(one in new)
        new.discard(one)
    return found


@contextmanager
def _driver(engine: Engine) -> Iterator[Any]:
    """The driver's own cursor, each of its statements a transaction of its own.

    Its errors become SQLAlchemy's.
    """
    driver = engine.dialect.loaded_dbapi
    try:
        with closing(engine.raw_connection()) as pooled:
            try:
                with _autocommit(engine, pooled.driver_connection):
                    yield pooled.cursor()
            except driver.Error:
                pooled.invalidate()  # whatever state it is in, nobody gets it again
                raise
    except driver.Error as error:
        raise DBAPIError.instance(
            None, None, error, driver.Error, hide_parameters=True
        ) from error


@contextmanager
def _autocommit(engine: Engine, connection: Any) -> Iterator[None]:
    if engine.dialect.name == "sqlite":  # as we open it, it always is
        yield
    else:
        connection.autocommit = True
        try:
            yield
        finally:
            connection.autocommit = False


@cache
def _statement_for(
    dialect: str, table: Table, names: tuple[str, ...], count: int
) -> str:
    """`insert_and_tell` for so many rows, as the driver wants it."""
    some: Any = sqlite if dialect == "sqlite" else postgresql
    driver = some.dialect(paramstyle="qmark" if dialect == "sqlite" else "format")
    rows = [dict.fromkeys(names)] * count
    return str(insert_and_tell(dialect, table).values(rows).compile(dialect=driver))
