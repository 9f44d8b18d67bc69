"""Every effect that was committed, also a second one that would change nothing.

The app's own table of effects cannot show a repetition: it keeps a session once. So
the database itself writes each attempt down, in the transaction that made it.
"""

from collections import Counter

from sqlalchemy import Engine
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import text

from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.schema.app import inbox

_TABLE = "CREATE TABLE ledger (message_id TEXT NOT NULL)"
_SQLITE = (
    "CREATE TRIGGER written_down BEFORE INSERT ON announced_sessions BEGIN "
    "INSERT INTO ledger VALUES (NEW.message_id); END",
)
_POSTGRESQL = (
    "CREATE FUNCTION write_down() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "INSERT INTO ledger VALUES (NEW.message_id); RETURN NEW; END $$",
    "CREATE TRIGGER written_down BEFORE INSERT ON announced_sessions "
    "FOR EACH ROW EXECUTE FUNCTION write_down()",
)


class Ledger:
    """Written by the database of one house."""

    def __init__(self, database: Engine) -> None:
        self._database = database
        triggers = _SQLITE if database.dialect.name == "sqlite" else _POSTGRESQL
        with writing(database) as connection:
            for statement in (_TABLE, *triggers):
                connection.execute(text(statement))

    def effects(self) -> Counter[str]:
        """How many effects each message had."""
        with reading(self._database) as connection:
            rows = connection.execute(text("SELECT message_id FROM ledger"))
            return Counter(rows.scalars())

    def longest(self) -> float:
        """Seconds from kept to effect, of the message that waited longest."""
        waited = select(func.max(inbox.c.settled_at - inbox.c.received_at))
        with reading(self._database) as connection:
            return float(connection.execute(waited).scalar() or 0.0)
