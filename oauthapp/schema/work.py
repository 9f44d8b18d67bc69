"""What the app waits for and works on, in its database: exports and builds."""

from sqlalchemy import JSON
from sqlalchemy import Column
from sqlalchemy import Double
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import Table
from sqlalchemy import Text

from oauthapp.schema.app import app_tables

#: Work that we gave to a provider, and how we learnt what came of it.
exports = Table(
    "exports",
    app_tables,
    Column("export_id", Text, primary_key=True),
    Column("provider", Text, nullable=False),
    #: The provider's name for it and where to ask; null until it has taken the job.
    Column("job_id", Text),
    Column("job_url", Text),
    Column("created_at", Double, nullable=False),
    #: asking, or over: nothing more to be asked
    Column("status", Text, nullable=False, default="asking"),
    Column("tries", Integer, nullable=False, default=0),
    #: How often we were answered, and how it was getting on.
    Column("polls", Integer, nullable=False, default=0),
    #: How often in a row asking did not work.
    Column("failures", Integer, nullable=False, default=0),
    #: When to ask next; moved ahead while a worker is at it (a lease).
    Column("due_at", Double, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    #: How we learnt it first: callback_url or polling; null until we have.
    Column("learnt_by", Text),
    Column("learnt_at", Double),
    Column("result", JSON),
    #: When the provider says that it was done.
    Column("finished_at", Double),
    Column("callback_at", Double),
    #: The message that told us: another one is not believed again.
    Column("callback_message", Text),
    Column("polled_at", Double),
    Index("exports_due", "status", "due_at"),
)

#: Commits that we were told of: each is built once and reported on.
builds = Table(
    "builds",
    app_tables,
    Column("source", Text, primary_key=True),
    Column("repository", Text, primary_key=True),
    Column("commit", Text, primary_key=True),
    Column("statuses_url", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("created_at", Double, nullable=False),
    #: success or failure; null until it was built
    Column("state", Text),
    #: pending, reported or dead
    Column("status", Text, nullable=False, default="pending"),
    Column("tries", Integer, nullable=False, default=0),
    #: When the next try is due; moved ahead while one is under way (a lease).
    Column("due_at", Double, nullable=False),
    Column("settled_at", Double),
    #: Reason of the last failed try, and of death.
    Column("reason", Text, nullable=False, default=""),
    Index("builds_due", "status", "due_at"),
)
Index("builds_newest", builds.c.created_at.desc(), builds.c.commit)
