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
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine
from sqlalchemy import Insert
from sqlalchemy import Table
from sqlalchemy.exc import DBAPIError

from oauthapp.database import dialect_named
from oauthapp.database import insert_and_tell
from oauthapp.database import insert_or_nothing

#: Rows of one statement where they need not stand or fall together. Each number of them
#: is a statement of its own, and each connection of SQLite keeps the last 128 prepared:
#: with up to a hundred rows those of the recorder took 15 MB.
AT_ONCE = 20


def insert_each_once(
    engine: Engine, table: Table, rows: Sequence[Mapping[str, Any]]
) -> list[bool]:
    """Insert each row unless its key is taken, also by one before it: which were new.

    One statement for all rows, and a transaction of its own, which has ended when this
    returns. The rows go in the order of their keys, so that of two processes with the
    same keys one waits for the other, and not each for each.

    :param rows: all of the same columns, also those with a default.
    """
    key = tuple(column.name for column in table.primary_key)
    keys = [tuple(row[name] for name in key) for row in rows]
    ordered = [
        rows[number] for number in sorted(range(len(rows)), key=keys.__getitem__)
    ]
    with _driver(engine) as cursor:
        _execute(cursor, insert_and_tell(engine.dialect.name, table), ordered)
        new = set(cursor.fetchall())
    found = []
    for one in keys:
        found.append(one in new)
        new.discard(one)
    return found


def insert_all_once(
    engine: Engine, table: Table, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert each row unless its key is taken, without asking which were new.

    Some at a time, each time in a transaction of its own; rows as above, and JSON as
    text. The interpreter is let go and waited for once a statement, not once a row.
    """
    statement = insert_or_nothing(engine.dialect.name, table)
    with _driver(engine) as cursor:
        for start in range(0, len(rows), AT_ONCE):
            _execute(cursor, statement, rows[start : start + AT_ONCE])


def _execute(cursor: Any, statement: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    names = _in_order(statement.table, frozenset(rows[0]))
    values = [row[name] for row in rows for name in names]
    cursor.execute(_text(statement, names, len(rows)), values)


@cache
def _in_order(table: Table, names: frozenset[str]) -> tuple[str, ...]:
    """As the statement names them: like the table."""
    return tuple(name for name in table.c.keys() if name in names)


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
            except driver.Error as error:
                broken = pooled.driver_connection
                pooled.invalidate()  # whatever state it is in, nobody gets it again
                if engine.dialect.is_disconnect(error, broken, None):
                    engine.dispose()  # nor the others, which are as broken
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


@lru_cache(maxsize=1000)
def _text(statement: Insert, names: tuple[str, ...], count: int) -> str:
    """What inserts one row, written for so many, as the driver wants it."""
    name = statement.stringify_dialect
    paramstyle = "qmark" if name == "sqlite" else "format"
    driver = dialect_named(name).dialect(paramstyle=paramstyle)
    one = str(statement.inline().compile(dialect=driver, column_keys=names))
    before, values, rest = one.partition(" VALUES ")
    row, conflict, after = rest.partition(" ON CONFLICT ")
    return before + values + ", ".join([row] * count) + conflict + after
