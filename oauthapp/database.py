"""One engine for SQLite and PostgreSQL: where the dialects differ, and only there."""

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import contextmanager
from functools import cache
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import MetaData
from sqlalchemy import Table
from sqlalchemy import create_engine
from sqlalchemy import event
from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

#: How long a writer waits for another one's transaction, in seconds.
BUSY_TIMEOUT = 10


class SchemaDiffers(SQLAlchemyError):
    """The tables are there, but not as this version needs them."""


def open_database(url: str, tables: MetaData, *, durable: bool = True) -> Engine:
    """An engine for `url` with `tables` present.

    SQLite runs in WAL mode with synchronous=FULL: once `writing` has returned, a
    power cut loses nothing. Its folder is created when missing. Values stay out of
    error messages, which are logged.

    :param durable: False: a power cut may lose the last moment, and no write waits
        for the disk; what a process wrote survives its own end all the same.
    :raises SchemaDiffers: when another version made its tables.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = _open_sqlite(url, parsed.database)
        event.listen(engine, "connect", partial(_prepare_sqlite, durable))
    else:
        driver = parsed.set(drivername="postgresql+psycopg")
        options = " ".join(_POSTGRESQL if durable else (*_POSTGRESQL, _NOT_DURABLE))
        connect = {"options": options}
        engine = create_engine(driver, connect_args=connect, **_OPTIONS)
    if not set(tables.tables) <= set(inspect(engine).get_table_names()):
        tables.create_all(engine)
    _require_columns(engine, tables)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that may write: committed at the end, rolled back on error."""
    with engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads, and never waits for a writer."""
    with engine.connect() as connection:
        with connection.execution_options(oauthapp_reading=True).begin():
            yield connection


def empty(connection: Connection, tables: MetaData, *, but: Sequence[Table]) -> None:
    """Remove every row of `tables`, those of `but` excepted."""
    for table in reversed(tables.sorted_tables):  # whoever refers to others comes first
        if table not in but:
            connection.execute(table.delete())


def insert_once(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert `row` unless its key is taken: whether it was new.

    The database decides, not a look beforehand, so of two at once one is told no.
    """
    # What comes back was inserted. A count of rows is not told by every driver.
    statement = insert_and_tell(connection.dialect.name, table)
    return connection.execute(statement, dict(row)).first() is not None


@cache
def insert_or_nothing(dialect: str, table: Table) -> Any:
    """What inserts a row unless its key is taken; to make it takes longer than that."""
    insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return insert(table).on_conflict_do_nothing()


@cache
def insert_and_tell(dialect: str, table: Table) -> Any:
    """What inserts a row unless its key is taken, and returns the key if it did."""
    return insert_or_nothing(dialect, table).returning(*table.primary_key)


def _require_columns(engine: Engine, tables: MetaData) -> None:
    found = inspect(engine).get_multi_columns(filter_names=list(tables.tables))
    for (_schema, name), columns in found.items():
        there = {column["name"] for column in columns}
        if there != set(tables.tables[name].columns.keys()):
            engine.dispose()
            raise SchemaDiffers(
                f"another version of oauthapp made its table {name}; "
                "use a new database, or that version"
            )


def json_text(value: Any) -> str:
    """As a column of type JSON keeps it."""
    return msgspec.json.encode(value).decode()


_OPTIONS: Mapping[str, Any] = {
    "hide_parameters": True,  # values stay out of error messages
    "json_serializer": json_text,  # the faster of two encoders
    # The connection used last is used again: it knows the pages that it wrote.
    "pool_use_lifo": True,
}

#: A plan made while a table was small would be kept when it no longer is.
_POSTGRESQL = ("-c plan_cache_mode=force_custom_plan",)
_NOT_DURABLE = "-c synchronous_commit=off"


def _open_sqlite(url: str, path: str | None) -> Engine:
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT}, **_OPTIONS)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(durable: bool, connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # BEGIN is ours, see _begin_sqlite
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that starts by reading and then writes cannot wait for its turn
    # (SQLITE_BUSY at once), so writers take the lock when they begin.
    reads = connection.get_execution_options().get("oauthapp_reading", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
