"""Every table there, as this version needs it: made, brought up to date, or refused."""

import logging
import warnings
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import MetaData
from sqlalchemy import Table
from sqlalchemy import create_mock_engine
from sqlalchemy import inspect
from sqlalchemy.exc import SAWarning
from sqlalchemy.exc import SQLAlchemyError

from oauthapp.migrations import version_store

log = logging.getLogger(__name__)


class SchemaDiffers(SQLAlchemyError):
    """The tables are there, but not as this version needs them."""


def is_current(connection: Connection, tables: MetaData) -> bool:
    """Whether there is nothing to do, which is the usual case."""
    found = version_store.revision(connection, tables.info["history"])
    return bool(found == tables.info["revision"])


def make_current(connection: Connection, tables: MetaData) -> None:
    """Make the tables, or let them become what this version needs.

    Nobody else does so meanwhile, and when this raises, nothing has changed.

    :raises SchemaDiffers: when that cannot be.
    """
    for page in tables.info["pages"]:
        import_module(page)
    history, wanted = tables.info["history"], tables.info["revision"]
    found = version_store.revision(connection, history)
    there = set(inspect(connection).get_table_names())
    if found is None and not there & _own(tables):
        driver = connection.engine.url.drivername
        for statement in _ddl(driver, tables, frozenset(tables.tables) - there):
            connection.exec_driver_sql(statement)
        version_store.stamp(connection, history, wanted)
    elif found != wanted:  # else another process was quicker
        _upgrade(connection, tables, found)


def require_same(connection: Connection, tables: MetaData) -> None:
    """
    :raises SchemaDiffers: when the tables have other columns than these, or lack an
        index.
    """
    found = inspect(connection)
    names = list(tables.tables)
    columns = _names(found.get_multi_columns(filter_names=names))
    with warnings.catch_warnings():  # SQLite does not tell what an expression is
        warnings.simplefilter("ignore", SAWarning)
        indexes = _names(found.get_multi_indexes(filter_names=names))
    for name, table in tables.tables.items():
        if columns.get(name) != set(table.columns.keys()):
            raise _differs(f"made its table {name}")
        if not _plain_indexes(table) <= indexes.get(name, set()):
            raise _differs(f"made the indexes of its table {name}")


def _names(found: Mapping[Any, Iterable[Any]]) -> dict[str, set[str]]:
    """Of columns or of indexes, by table."""
    return {name: {one["name"] for one in some} for (_, name), some in found.items()}


def _plain_indexes(table: Table) -> set[str]:
    """Those of columns alone, by name."""
    own = table.c.contains_column
    return {str(one.name) for one in table.indexes if all(map(own, one.columns))}


@cache
def _ddl(driver: str, tables: MetaData, names: frozenset[str]) -> Sequence[str]:
    """What makes tables; to spell it out takes longer than to run it."""
    made: list[Any] = []
    engine = create_mock_engine(f"{driver}://", lambda ddl, *_: made.append(ddl))
    missing = [one for one in tables.sorted_tables if one.name in names]
    tables.create_all(engine, missing, checkfirst=False)
    return [str(ddl.compile(dialect=engine.dialect)) for ddl in made]


def _own(tables: MetaData) -> set[str]:
    """Those that no other party has: both may live in one database."""
    return set(tables.tables) - {"armed_faults"}


def _upgrade(connection: Connection, tables: MetaData, found: str | None) -> None:
    from oauthapp.migrations import history
    from oauthapp.migrations.first import FIRST

    name = tables.info["history"]
    if found is None:  # it is older than its history, or somebody else's
        require_same(connection, FIRST[name])
        found = history.FIRST_REVISION
        version_store.stamp(connection, name, found)
    if found not in history.revisions(name):
        raise _differs(f"brought its {name} tables to revision {found or 'unknown'}")
    if found != tables.info["revision"]:
        history.upgrade(connection, name)
        log.warning(
            "%s tables: from revision %s to %s", name, found, tables.info["revision"]
        )


def _differs(what: str) -> SchemaDiffers:
    return SchemaDiffers(
        f"another version of oauthapp {what}; use a new database, or that version"
    )
