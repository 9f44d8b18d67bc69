"""The recorder's tables as revision 0001 made them: frozen, never to be edited."""

from sqlalchemy import JSON
from sqlalchemy import Column
from sqlalchemy import ColumnElement
from sqlalchemy import Double
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import MetaData
from sqlalchemy import Table
from sqlalchemy import Text
from sqlalchemy import literal_column

recorder_tables = MetaData()

STATUS_CLASS: ColumnElement[int] = literal_column("(status / 100)")

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
    Column("path", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("parent_id", Text, index=True),
    Column("caller_id", Text, index=True),
    Column("url", Text, nullable=False),
    Column("request_headers", JSON, nullable=False),
    Column("answer_headers", JSON, nullable=False),
    Column("request_body", Text, nullable=False),
    Column("answer_body", Text, nullable=False),
    Index("calls_of_place", "place", "number"),
    Index("calls_of_kind", "kind", "number"),
    Index("calls_of_class", STATUS_CLASS, "number"),
)

Index(
    "calls_of_reason",
    calls.c.reason,
    calls.c.number,
    sqlite_where=literal_column("reason <> ''"),
    postgresql_where=literal_column("reason <> ''"),
)

for _name in ("verdict", "kind"):
    Index(
        f"bad_calls_of_{_name}",
        calls.c[_name],
        calls.c.number,
        sqlite_where=literal_column("verdict IN ('refused', 'failed')"),
        postgresql_where=literal_column("verdict IN ('refused', 'failed')"),
    )

Table(
    "call_links",
    recorder_tables,
    Column("link", Text, primary_key=True),
    Column("at", Double, primary_key=True),
    Column("call_id", Text, primary_key=True, index=True),
    sqlite_with_rowid=False,
)
