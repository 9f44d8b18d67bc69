"""Inserting on the path where every request waits: one statement, given to the driver.

What SQLAlchemy does for a statement takes longer there than the statement itself, so
it only writes the statement, once. SQLite is told each value by itself. PostgreSQL is
told all rows as one value, in JSON: its driver would read a statement of more than
fifty values anew each time, which took longer than the rest.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from functools import cache
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON
from sqlalchemy import Column
from sqlalchemy import ColumnElement
from sqlalchemy import Engine
from sqlalchemy import Insert
from sqlalchemy import LargeBinary
from sqlalchemy import Table
from sqlalchemy import Text
from sqlalchemy import bindparam
from sqlalchemy import cast
from sqlalchemy import func
from sqlalchemy import literal_column
from sqlalchemy import select
from sqlalchemy.types import TypeEngine

from oauthapp.autocommit import driver_cursor
from oauthapp.database import dialect_named
from oauthapp.database import insert_and_tell
from oauthapp.database import insert_or_nothing
from oauthapp.database import json_text
from oauthapp.prepared import execute_prepared

#: Rows of one statement of SQLite where they need not stand or fall together. Each
#: number of them is a statement of its own, and each connection keeps the last 128
#: prepared: with up to a hundred rows those of the recorder took 15 MB.
AT_ONCE = 20

#: A row as its driver is given it: the names of its columns, and their values or JSON.
Given = tuple[tuple[str, ...], Any]


def as_given(dialect: str, table: Table, row: Mapping[str, Any]) -> Given:
    """What of an insert takes the interpreter's time, to be done wherever that suits.

    :param row: JSON in it as text.
    """
    names = _in_order(table, tuple(row))
    if dialect == "sqlite":
        return names, [row[name] for name in names]
    return names, json_text(row)


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
        as_given(engine.dialect.name, table, rows[number])
        for number in sorted(range(len(rows)), key=keys.__getitem__)
    ]
    with driver_cursor(engine) as cursor:
        told = _execute(cursor, insert_and_tell(engine.dialect.name, table), ordered)
    kinds = _kinds_of_key(table)
    new = {
        tuple([kind(value) for kind, value in zip(kinds, row, strict=True)])
        for row in told
    }
    found = []
    for one in keys:
        found.append(one in new)
        new.discard(one)
    return found


def insert_all_once(engine: Engine, table: Table, rows: Sequence[Given]) -> None:
    """Insert each row unless its key is taken, without asking which were new.

    On SQLite some at a time, each time in a transaction of its own. The interpreter is
    let go and waited for once a statement, not once a row.

    :param rows: what `as_given` made of them; all of the same columns, also those with
        a default.
    """
    statement = insert_or_nothing(engine.dialect.name, table)
    some = AT_ONCE if engine.dialect.name == "sqlite" else max(1, len(rows))
    with driver_cursor(engine) as cursor:
        for start in range(0, len(rows), some):
            _execute(cursor, statement, rows[start : start + some])


def _execute(cursor: Any, statement: Any, rows: Sequence[Given]) -> list[Any]:
    """What the statement returns, if it returns anything."""
    names, _first = rows[0]
    if statement.stringify_dialect == "sqlite":
        values = [value for _names, values in rows for value in values]
        cursor.execute(_of_values(statement, names, len(rows)), values)
        return cursor.fetchall()  # type: ignore[no-any-return]
    told = ",".join([text for _names, text in rows])
    every = _of_json(statement, names)
    return execute_prepared(cursor.connection, every, f"[{told}]")


@cache
def _kinds_of_key(table: Table) -> tuple[type, ...]:
    """What PostgreSQL's texts are made into: it is not asked for values."""
    return tuple(column.type.python_type for column in table.primary_key)


@lru_cache(maxsize=1000)
def _in_order(table: Table, names: tuple[str, ...]) -> tuple[str, ...]:
    """As the statement names them: like the table."""
    return tuple(name for name in table.c.keys() if name in names)


@lru_cache(maxsize=1000)
def _of_values(statement: Insert, names: tuple[str, ...], count: int) -> str:
    """What inserts one row, written for so many, for SQLite."""
    sqlite = dialect_named("sqlite").dialect(paramstyle="qmark")
    one = str(statement.inline().compile(dialect=sqlite, column_keys=names))
    before, values, rest = one.partition(" VALUES ")
    row, conflict, after = rest.partition(" ON CONFLICT ")
    return before + values + ", ".join([row] * count) + conflict + after


@cache
def _of_json(statement: Insert, names: tuple[str, ...]) -> str:
    """What inserts every row of a list of objects, for PostgreSQL."""
    columns = [statement.table.c[name] for name in names]
    told = [Column(one.name, _as_told(one.type)) for one in columns]
    given = func.json_to_recordset(cast(bindparam("rows"), JSON))
    rows = given.table_valued(*told).render_derived("told", with_types=True)
    values = [_read(rows.c[one.name], one.type) for one in columns]
    every = statement.from_select(names, select(*values), include_defaults=False)
    driver = dialect_named("postgresql").dialect(paramstyle="numeric_dollar")
    return str(every.compile(dialect=driver))


def _as_told(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """How JSON has it: bytes in base64, and JSON as text."""
    return Text() if isinstance(kind, LargeBinary | JSON) else kind


def _read(value: ColumnElement[Any], kind: TypeEngine[Any]) -> ColumnElement[Any]:
    if isinstance(kind, LargeBinary):
        return func.decode(value, literal_column("'base64'"))
    return cast(value, JSON) if isinstance(kind, JSON) else value
