"""The recorder's tables. Times are unix seconds; secrets were redacted before."""

from sqlalchemy import JSON
from sqlalchemy import Column
from sqlalchemy import Double
from sqlalchemy import Integer
from sqlalchemy import MetaData
from sqlalchemy import Table
from sqlalchemy import Text

recorder_tables = MetaData()

#: One HTTP request with its answer, secrets replaced by keyed hashes.
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
    Column("url", Text, nullable=False),
    Column("request_headers", JSON, nullable=False),
    Column("request_body", Text, nullable=False),
    Column("status", Integer),
    Column("answer_headers", JSON, nullable=False),
    Column("answer_body", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("parent_id", Text, index=True),
    Column("caller_id", Text, index=True),
)

#: What a call shares with others: the same state, code, session or message.
call_links = Table(
    "call_links",
    recorder_tables,
    Column("link", Text, primary_key=True),
    Column("call_id", Text, primary_key=True, index=True),
    sqlite_with_rowid=False,  # a third of the writes less
)
