"""What the provider does for others, in its database: jobs, and commits reported on."""

from sqlalchemy import JSON
from sqlalchemy import Column
from sqlalchemy import Double
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import Table
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint

from oauthapp.schema.provider import provider_tables

#: Work that a client has given us, and what came of it.
jobs = Table(
    "jobs",
    provider_tables,
    Column("job_id", Text, primary_key=True),
    Column("client_id", Text, nullable=False),
    #: As the client names its request, so that repeating it begins nothing new.
    Column("idempotency_key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("callback_url", Text, nullable=False),
    #: Given back with the result, so that the client knows what it had asked for.
    Column("reference", Text, nullable=False),
    #: running or done
    Column("status", Text, nullable=False, default="running"),
    Column("tries", Integer, nullable=False, default=0),
    #: When it will be done; moved ahead while a worker is at it (a lease).
    Column("due_at", Double, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("finished_at", Double),
    Column("result", JSON),
    UniqueConstraint("client_id", "idempotency_key"),
    Index("jobs_due", "status", "due_at"),
)

#: How many jobs of each kind a client has had done: kept by the signal's receiver.
job_counts = Table(
    "job_counts",
    provider_tables,
    Column("client_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("finished", Integer, nullable=False),
)

#: What was pushed.
commits = Table(
    "commits",
    provider_tables,
    Column("repository", Text, primary_key=True),
    Column("commit", Text, primary_key=True),
    Column("pushed_at", Double, nullable=False, index=True),
)

#: What clients report about a commit: the latest word of each.
commit_statuses = Table(
    "commit_statuses",
    provider_tables,
    Column("repository", Text, primary_key=True),
    Column("commit", Text, primary_key=True),
    Column("client_id", Text, primary_key=True),
    #: pending, success, failure or error
    Column("state", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("reported_at", Double, nullable=False),
)
