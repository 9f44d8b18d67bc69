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
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from oauthapp.migrations.present import SchemaDiffers as SchemaDiffers
from oauthapp.migrations.present import is_current
from oauthapp.migrations.present import make_current
from oauthapp.migrations.present import require_same

#: How long a writer waits for another one's transaction, in seconds.
BUSY_TIMEOUT = 10
#: How long one who opens a database waits for another one that changes its tables.
UPGRADE_TIMEOUT = 600
#: PostgreSQL's name for that: any number that nobody else uses in this database.
_LOCK = 0x0A07A99


def open_database(url: str, tables: MetaData, *, durable: bool = True) -> Engine:
    """An engine for `url` with `tables` present.

    SQLite runs in WAL mode with synchronous=FULL: once `writing` has returned, a
    power cut loses nothing. Its folder is created when missing. Values stay out of
    error messages, which are logged.

    :param durable: False: a power cut may lose the last moment, and no write waits
        for the disk; what a process wrote survives its own end all the same.
    Tables that an older version made are brought up to date; of several processes one
    does it, and the others wait.

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
    try:
        _make_present(engine, tables)
    except SQLAlchemyError:
        engine.dispose()
        raise
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


def _make_present(engine: Engine, tables: MetaData) -> None:
    if not tables.info:  # no version of ours: they have no history
        with writing(engine) as connection:
            tables.create_all(connection)
            require_same(connection, tables)
        return
    with reading(engine) as connection:
        if is_current(connection, tables):
            return
    with _alone(engine) as connection:
        make_current(connection, tables)


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A transaction in which tables are changed, one process at a time."""
    alone = _alone_sqlite if engine.dialect.name == "sqlite" else _alone_postgresql
    with engine.connect() as connection, alone(connection):
        yield connection


@contextmanager
def _alone_sqlite(connection: Connection) -> Iterator[None]:
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA busy_timeout={UPGRADE_TIMEOUT * 1000}")
    # To change a table is to make it anew: what refers to it has to stay.
    driver.execute("PRAGMA foreign_keys=OFF")
    with connection.begin():
        yield
    driver.execute("PRAGMA foreign_keys=ON")
    driver.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT * 1000}")


@contextmanager
def _alone_postgresql(connection: Connection) -> Iterator[None]:
    with connection.begin():
        connection.exec_driver_sql(f"SET LOCAL lock_timeout='{UPGRADE_TIMEOUT}s'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        yield


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
