"""The recorder's tables. Times are unix seconds; secrets were redacted before."""

from typing import Any

from sqlalchemy import JSON
from sqlalchemy import Column
from sqlalchemy import ColumnElement
from sqlalchemy import Connection
from sqlalchemy import Double
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import MetaData
from sqlalchemy import Table
from sqlalchemy import Text
from sqlalchemy import event
from sqlalchemy import literal_column

recorder_tables = MetaData(
    info={
        "history": "recorder",
        "revision": "0002",
        #: Further pages of them.
        "pages": (),
    }
)

#: 4 for every 4xx. Written out, since an index fits what is written like it.
STATUS_CLASS: ColumnElement[int] = literal_column("(status / 100)")

#: One HTTP request with its answer, secrets replaced by keyed hashes. What is long
#: comes last: a look at the rest need not read it.
calls = Table(
    "calls",
    recorder_tables,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("party", Text, nullable=False),
    Column("direction", Text, nullable=False),
    Column("at", Double, nullable=False),
    Column("ms", Double, nullable=False),
    Column("method", Text, nullable=False),
    Column("status", Integer),
    Column("kind", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("reason", Text, nullable=False),
    #: The path of `url`, and its first part: "/login/" of "/login/demo".
    Column("path", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("parent_id", Text, index=True),
    Column("caller_id", Text, index=True),
    Column("url", Text, nullable=False),
    Column("request_headers", JSON, nullable=False),
    Column("answer_headers", JSON, nullable=False),
    Column("request_body", Text, nullable=False),
    Column("answer_body", Text, nullable=False),
    # Each is walked from its newest call on; they have few values, so that a new
    # call goes where the one before it went.
    Index("calls_of_place", "place", "number"),
    Index("calls_of_kind", "kind", "number"),
    Index("calls_of_class", STATUS_CLASS, "number"),
)
#: Few calls have a reason, nor are many refused or failed, so few are in these.
_PARTIAL = {
    Index("calls_of_reason", calls.c.reason, calls.c.number): "reason <> ''",
    **{
        Index(f"bad_calls_of_{name}", calls.c[name], calls.c.number): (
            "verdict IN ('refused', 'failed')"
        )
        for name in ("verdict", "kind")
    },
}


@event.listens_for(calls, "before_create")
def _leave_most_out(_table: Table, connection: Connection, **_options: Any) -> None:
    # Told above, `postgresql_where` would import what only PostgreSQL needs.
    for index, where in _PARTIAL.items():
        own = index.dialect_options[connection.dialect.name]
        own["where"] = literal_column(where)


#: What a call shares with others: the same state, code, session or message.
call_links = Table(
    "call_links",
    recorder_tables,
    Column("link", Text, primary_key=True),
    #: When that call began, so that the newest are found first.
    Column("at", Double, primary_key=True),
    Column("call_id", Text, primary_key=True, index=True),
    sqlite_with_rowid=False,  # a third of the writes less
)

#: The same of the newest calls: without an index, nothing is to be put in order where
#: every call waits. From here they are moved, many at a time.
new_call_links = Table(
    "new_call_links",
    recorder_tables,
    Column("link", Text, nullable=False),
    Column("at", Double, nullable=False),
    Column("call_id", Text, nullable=False),
)
