"""The sender's tables, in the provider's database: an event is written with what
happened, in one transaction."""

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

from oauthapp.schema.provider import provider_tables

#: Where webhooks go, signing secrets encrypted.
endpoints = Table(
    "endpoints",
    provider_tables,
    Column("url", Text, primary_key=True),
    Column("secret_jwe", Text, nullable=False),
    #: Signs too until then, so that the receiver can change its secret meanwhile.
    Column("previous_jwe", Text),
    Column("previous_until", Double),
    #: Event types it wants.
    Column("events", JSON, nullable=False),
    #: settings or command
    Column("origin", Text, nullable=False),
    #: Why nothing is sent any more, "" while something is.
    Column("disabled", Text, nullable=False, default=""),
    #: It asked for less: nothing is sent before.
    Column("paused_until", Double, nullable=False, default=0),
    Column("created_at", Double, nullable=False),
)

#: What happened, written with the happening itself: the outbox.
events = Table(
    "events",
    provider_tables,
    Column("message_id", Text, primary_key=True),
    Column("type", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", Double, nullable=False),
)
Index("events_newest", events.c.created_at.desc(), events.c.message_id)

#: One event on its way to one endpoint.
deliveries = Table(
    "deliveries",
    provider_tables,
    Column("message_id", ForeignKey("events.message_id"), primary_key=True),
    Column("endpoint_url", Text, primary_key=True),
    #: pending, delivered or dead
    Column("status", Text, nullable=False, default="pending"),
    Column("tries", Integer, nullable=False, default=0),
    #: Tries before the last replay: the schedule starts anew after them.
    Column("replayed_at", Integer, nullable=False, default=0),
    #: A replay as it was: sign with this time instead of the attempt's own.
    Column("as_of", BigInteger),
    #: When the next attempt is due; moved ahead while one is under way (a lease).
    Column("due_at", Double, nullable=False),
    Column("settled_at", Double),
    Column("reason", Text, nullable=False, default=""),
    Index("deliveries_due", "status", "due_at"),
    Index("deliveries_queue", "status", "endpoint_url", "due_at"),
)

#: Each attempt of a delivery and what came of it.
attempts = Table(
    "attempts",
    provider_tables,
    Column("message_id", Text, primary_key=True),
    Column("endpoint_url", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", Double, nullable=False),
    Column("ms", Double, nullable=False),
    Column("status", Integer),
    Column("reason", Text, nullable=False),
    #: What the message was signed with.
    Column("timestamp", BigInteger, nullable=False),
    #: The beginning of what was answered.
    Column("answer", Text, nullable=False),
)

#: Events that are sent again and again.
schedules = Table(
    "schedules",
    provider_tables,
    Column("schedule_id", Text, primary_key=True),
    #: Five fields as in crontab(5), in UTC, or a number of seconds.
    Column("every", Text, nullable=False),
    Column("event_type", Text, nullable=False),
    Column("data", JSON, nullable=False),
    Column("next_at", Double, nullable=False, index=True),
    Column("created_at", Double, nullable=False),
)

#: The last runs of each schedule.
schedule_runs = Table(
    "schedule_runs",
    provider_tables,
    Column("schedule_id", Text, primary_key=True),
    Column("due_at", Double, primary_key=True),
    Column("ran_at", Double, nullable=False),
    Column("message_id", Text, nullable=False),
)
