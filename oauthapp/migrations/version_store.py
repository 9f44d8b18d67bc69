"""How far a database is in the history of its tables, as Alembic writes it down.

Alembic itself is not needed to read it, nor to write the first line.
"""

from sqlalchemy import Column
from sqlalchemy import Connection
from sqlalchemy import MetaData
from sqlalchemy import PrimaryKeyConstraint
from sqlalchemy import String
from sqlalchemy import Table
from sqlalchemy import insert
from sqlalchemy import inspect
from sqlalchemy import select


def version_table(history: str) -> str:
    """The name of the table that says it: one for each set of tables."""
    return f"oauthapp_{history}_version"


def revision(connection: Connection, history: str) -> str | None:
    """How far it is; None where nothing says so, "" where that is not to be read."""
    if not inspect(connection).has_table(version_table(history)):
        return None
    found = connection.execute(select(_table(history))).scalars().all()
    return found[0] if len(found) == 1 else ""


def stamp(connection: Connection, history: str, revision: str) -> None:
    """Say how far a database is that did not say it yet."""
    table = _table(history)
    table.create(connection)
    connection.execute(insert(table), {"version_num": revision})


def _table(history: str) -> Table:
    name = version_table(history)
    number = Column("version_num", String(32), nullable=False)
    key = PrimaryKeyConstraint("version_num", name=f"{name}_pkc")
    return Table(name, MetaData(), number, key)
