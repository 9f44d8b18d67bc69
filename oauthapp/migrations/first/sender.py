"""What the provider sends and does for others, as revision 0001 made it."""

from sqlalchemy import JSON
from sqlalchemy import BigInteger
from sqlalchemy import Column
from sqlalchemy import Double
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import LargeBinary
from sqlalchemy import Table
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint

from oauthapp.migrations.first.provider import provider_tables as provider_tables

Table(
    "endpoints",
    provider_tables,
    Column("url", Text, primary_key=True),
    Column("secret_jwe", Text, nullable=False),
    Column("previous_jwe", Text),
    Column("previous_until", Double),
    Column("events", JSON, nullable=False),
    Column("origin", Text, nullable=False),
    Column("disabled", Text, nullable=False, default=""),
    Column("paused_until", Double, nullable=False, default=0),
    Column("created_at", Double, nullable=False),
)

Table(
    "events",
    provider_tables,
    Column("message_id", Text, primary_key=True),
    Column("type", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", Double, nullable=False),
)

Table(
    "deliveries",
    provider_tables,
    Column("message_id", ForeignKey("events.message_id"), primary_key=True),
    Column("endpoint_url", Text, primary_key=True),
    Column("status", Text, nullable=False, default="pending"),
    Column("tries", Integer, nullable=False, default=0),
    Column("replayed_at", Integer, nullable=False, default=0),
    Column("as_of", BigInteger),
    Column("due_at", Double, nullable=False),
    Column("settled_at", Double),
    Column("reason", Text, nullable=False, default=""),
    Index("deliveries_due", "status", "due_at"),
    Index("deliveries_queue", "status", "endpoint_url", "due_at"),
)

Table(
    "attempts",
    provider_tables,
    Column("message_id", Text, primary_key=True),
    Column("endpoint_url", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", Double, nullable=False),
    Column("ms", Double, nullable=False),
    Column("status", Integer),
    Column("reason", Text, nullable=False),
    Column("timestamp", BigInteger, nullable=False),
    Column("answer", Text, nullable=False),
)

Table(
    "schedules",
    provider_tables,
    Column("schedule_id", Text, primary_key=True),
    Column("every", Text, nullable=False),
    Column("event_type", Text, nullable=False),
    Column("data", JSON, nullable=False),
    Column("next_at", Double, nullable=False, index=True),
    Column("created_at", Double, nullable=False),
)

Table(
    "schedule_runs",
    provider_tables,
    Column("schedule_id", Text, primary_key=True),
    Column("due_at", Double, primary_key=True),
    Column("ran_at", Double, nullable=False),
    Column("message_id", Text, nullable=False),
)

Table(
    "jobs",
    provider_tables,
    Column("job_id", Text, primary_key=True),
    Column("client_id", Text, nullable=False),
    Column("idempotency_key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("callback_url", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("status", Text, nullable=False, default="running"),
    Column("tries", Integer, nullable=False, default=0),
    Column("due_at", Double, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("finished_at", Double),
    Column("result", JSON),
    UniqueConstraint("client_id", "idempotency_key"),
    Index("jobs_due", "status", "due_at"),
)

Table(
    "job_counts",
    provider_tables,
    Column("client_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("finished", Integer, nullable=False),
)

Table(
    "commits",
    provider_tables,
    Column("repository", Text, primary_key=True),
    Column("commit", Text, primary_key=True),
    Column("pushed_at", Double, nullable=False, index=True),
)

Table(
    "commit_statuses",
    provider_tables,
    Column("repository", Text, primary_key=True),
    Column("commit", Text, primary_key=True),
    Column("client_id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("reported_at", Double, nullable=False),
)
