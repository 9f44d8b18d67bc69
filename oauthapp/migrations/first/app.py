"""The app's tables as revision 0001 made them: frozen, never to be edited."""

from sqlalchemy import JSON
from sqlalchemy import BigInteger
from sqlalchemy import Column
from sqlalchemy import Double
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import LargeBinary
from sqlalchemy import MetaData
from sqlalchemy import Table
from sqlalchemy import Text

app_tables = MetaData()

Table(
    "armed_faults",
    app_tables,
    Column("name", Text, primary_key=True),
    Column("target", Text, primary_key=True),
    Column("times", Integer, nullable=False),
    Column("armed_at", Double, nullable=False),
)


Table(
    "pending_logins",
    app_tables,
    Column("state_hash", Text, primary_key=True),
    Column("provider", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("redirect_uri", Text, nullable=False),
    Column("nonce", Text, nullable=False),
    Column("code_verifier", Text, nullable=False),
    Column("browser_hash", Text, nullable=False),
    Column("next", Text, nullable=False),
    Column("created_at", Double, nullable=False, index=True),
)

Table(
    "app_sessions",
    app_tables,
    Column("id_hash", Text, primary_key=True),
    Column("provider", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("sub", Text, nullable=False),
    Column("sid", Text, index=True),
    Column("claims", JSON, nullable=False),
    Column("end_session_endpoint", Text),
    Column("created_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False, index=True),
)

Table(
    "logout_tokens",
    app_tables,
    Column("issuer", Text, primary_key=True),
    Column("jti", Text, primary_key=True),
    Column("expires_at", Double, nullable=False, index=True),
)

Table(
    "inbox",
    app_tables,
    Column("source", Text, primary_key=True),
    Column("message_id", Text, primary_key=True),
    Column("timestamp", BigInteger),
    Column("event_type", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", Double, nullable=False),
    Column("status", Text, nullable=False, default="pending"),
    Column("tries", Integer, nullable=False, default=0),
    Column("due_at", Double, nullable=False),
    Column("settled_at", Double),
    Column("reason", Text, nullable=False, default=""),
    Index("inbox_due", "status", "due_at"),
)

Table(
    "announced_sessions",
    app_tables,
    Column("source", Text, primary_key=True),
    Column("sid", Text, primary_key=True),
    Column("sub", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("announced_at", Double, nullable=False),
)

Table(
    "orders",
    app_tables,
    Column("order_id", Text, primary_key=True),
    Column("buyer_hash", Text, nullable=False, index=True),
    Column("article", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("created_at", Double, nullable=False, index=True),
    Column("status", Text, nullable=False),
    Column("checkout_id", Text, index=True),
    Column("checkout_url", Text),
    Column("settled_by", Text),
    Column("settled_at", Double),
)

Table(
    "order_news",
    app_tables,
    Column("source", Text, primary_key=True),
    Column("message_id", Text, primary_key=True),
    Column("order_id", Text, nullable=False, index=True),
    Column("event_type", Text, nullable=False),
    Column("effect", Text, nullable=False),
    Column("at", Double, nullable=False),
)

Table(
    "bins",
    app_tables,
    Column("bin_id", Text, primary_key=True),
    Column("status", Integer, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("headers", JSON, nullable=False),
    Column("body", Text, nullable=False),
    Column("delay", Double, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("failing_status", Integer, nullable=False),
    Column("came", Integer, nullable=False),
    Column("created_at", Double, nullable=False),
)

Table(
    "exports",
    app_tables,
    Column("export_id", Text, primary_key=True),
    Column("provider", Text, nullable=False),
    Column("job_id", Text),
    Column("job_url", Text),
    Column("created_at", Double, nullable=False),
    Column("status", Text, nullable=False, default="asking"),
    Column("tries", Integer, nullable=False, default=0),
    Column("polls", Integer, nullable=False, default=0),
    Column("failures", Integer, nullable=False, default=0),
    Column("due_at", Double, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("learnt_by", Text),
    Column("learnt_at", Double),
    Column("result", JSON),
    Column("finished_at", Double),
    Column("callback_at", Double),
    Column("callback_message", Text),
    Column("polled_at", Double),
    Index("exports_due", "status", "due_at"),
)

Table(
    "builds",
    app_tables,
    Column("source", Text, primary_key=True),
    Column("repository", Text, primary_key=True),
    Column("commit", Text, primary_key=True),
    Column("statuses_url", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("state", Text),
    Column("status", Text, nullable=False, default="pending"),
    Column("tries", Integer, nullable=False, default=0),
    Column("due_at", Double, nullable=False),
    Column("settled_at", Double),
    Column("reason", Text, nullable=False, default=""),
    Index("builds_due", "status", "due_at"),
)
