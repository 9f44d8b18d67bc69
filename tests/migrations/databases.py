"""Databases to try histories on: new ones, and what is in them by their own account."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy import create_engine
from sqlalchemy import text

from oauthapp.migrations.first import FIRST
from tests.postgresql import new_databases

_numbers = itertools.count()


@dataclass(frozen=True, kw_only=True)
class Databases:
    """New databases of one kind."""

    folder: Path
    #: Of PostgreSQL, "" for SQLite.
    server: str
    names: list[str] = field(default_factory=list)

    def new(self) -> str:
        """The URL of an empty one."""
        name = f"migrated_{next(_numbers)}"
        if not self.server:
            return f"sqlite:///{self.folder}/{name}.sqlite"
        new_databases(self.server, name)
        return f"{self.server}/{name}"


def plain_engine(url: str) -> Engine:
    """Without anything that we add."""
    return create_engine(url.replace("postgresql:", "postgresql+psycopg:"))


def first_made(url: str, history: str) -> None:
    """As the first release made it, when nobody wrote down how far it is."""
    engine = plain_engine(url)
    FIRST[history].create_all(engine)
    engine.dispose()


#: What PostgreSQL says of its tables.
_TOLD = {
    "columns": "SELECT table_name, column_name, data_type, is_nullable, column_default "
    "FROM information_schema.columns WHERE table_schema = 'public'",
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)"
    " FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
}


def told(engine: Engine) -> Mapping[str, list[tuple[object, ...]]]:
    """What the database says that is in it, but for the rows."""
    asked = _TOLD
    if engine.dialect.name == "sqlite":
        asked = {"all": "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"}
    with engine.connect() as connection:
        return {
            name: sorted(tuple(row) for row in connection.execute(text(question)))
            for name, question in asked.items()
        }
