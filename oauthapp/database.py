"""One engine for SQLite and PostgreSQL, its tables, and the transactions of both."""

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import Any
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import MetaData
from sqlalchemy import Table
from sqlalchemy.exc import SQLAlchemyError

from oauthapp.engines import READS
from oauthapp.engines import WAIT
from oauthapp.engines import changing_tables
from oauthapp.engines import json_text as json_text
from oauthapp.engines import make_engine
from oauthapp.engines import wait_for
from oauthapp.migrations.present import SchemaDiffers as SchemaDiffers
from oauthapp.migrations.present import is_current
from oauthapp.migrations.present import make_current
from oauthapp.migrations.present import require_same

Value = TypeVar("Value")


def open_database(
    url: str, tables: MetaData, *, durable: bool = True, wait: float = WAIT
) -> Engine:
    """An engine for `url` with `tables` present.

    Once `writing` has returned, a power cut loses nothing. Tables that an older version
    made are brought up to date; of several processes one does it, and the others wait.

    :param durable: False: a power cut may lose the last moment, and no write waits
        for the disk; what a process wrote survives its own end all the same.
    :param wait: seconds that the server has to come up.
    :raises SchemaDiffers: when another version made its tables.
    """
    engine = make_engine(url, durable=durable)
    try:
        wait_for(engine, seconds=wait)
        _make_present(engine, tables)
    except SQLAlchemyError:
        engine.dispose()
        raise
    return engine


def padded(values: Sequence[Value]) -> Sequence[Value]:
    """The same for `IN`, the last one repeated until they are 1, 2, 4, 8, and so on.

    Each number of values is a statement of its own. A connection of SQLite keeps the
    last 128 prepared, and one of five hundred values takes a hundred kilobytes.
    """
    if not values:
        return values
    missing = (1 << (len(values) - 1).bit_length()) - len(values)
    return [*values, *[values[-1]] * missing]


@contextmanager
def opened_as_it_is(url: str, *, wait: float = WAIT) -> Iterator[Connection]:
    """A look into a database that may be older or newer than we are."""
    engine = make_engine(url, durable=False)
    try:
        wait_for(engine, seconds=wait)
        with reading(engine) as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that may write: committed at the end, rolled back on error."""
    with engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads, and never waits for a writer."""
    with engine.connect() as connection:
        connection.info[READS] = True
        with connection.begin():
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


def dialect_named(name: str) -> Any:
    """What SQLAlchemy knows of that database: imported only where it is used."""
    return import_module(f"sqlalchemy.dialects.{name}")


@cache
def insert_or_nothing(dialect: str, table: Table) -> Any:
    """What inserts a row unless its key is taken; to make it takes longer than that."""
    return dialect_named(dialect).insert(table).on_conflict_do_nothing()


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
    with changing_tables(engine) as connection:
        make_current(connection, tables)
