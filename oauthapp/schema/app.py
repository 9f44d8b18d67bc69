"""The app's tables. Times are unix seconds; secrets are kept as their hashes."""

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

from oauthapp.schema.control import armed_faults

app_tables = MetaData(
    info={
        "history": "app",
        "revision": "0004",
        #: Further pages of them.
        "pages": ("oauthapp.schema.work",),
    }
)
armed_faults.to_metadata(app_tables)

#: Logins begun and not yet come back: one row, taken once.
pending_logins = Table(
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

#: Who is signed in at the app.
app_sessions = Table(
    "app_sessions",
    app_tables,
    Column("id_hash", Text, primary_key=True),
    Column("provider", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("sub", Text, nullable=False),
    Column("sid", Text, index=True),
    Column("claims", JSON, nullable=False),
    #: Where signing out goes on, if the provider has such a place.
    Column("end_session_endpoint", Text),
    Column("created_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False, index=True),
    Index("app_sessions_of", "issuer", "sub", "created_at"),
)

#: Logout tokens that were obeyed: a second time is a replay.
logout_tokens = Table(
    "logout_tokens",
    app_tables,
    Column("issuer", Text, primary_key=True),
    Column("jti", Text, primary_key=True),
    Column("expires_at", Double, nullable=False, index=True),
)

#: Messages as they were received: the id is the key, so each is kept once.
inbox = Table(
    "inbox",
    app_tables,
    Column("source", Text, primary_key=True),
    Column("message_id", Text, primary_key=True),
    #: When it was signed; null where the sender says no time.
    Column("timestamp", BigInteger),
    #: As the sender names it, "" where it names none.
    Column("event_type", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", Double, nullable=False),
    #: pending, done or dead
    Column("status", Text, nullable=False, default="pending"),
    Column("tries", Integer, nullable=False, default=0),
    #: When the next try is due; moved ahead while one is under way (a lease).
    Column("due_at", Double, nullable=False),
    #: When it became done or dead.
    Column("settled_at", Double),
    #: Reason code of the last failed try, and of death.
    Column("reason", Text, nullable=False, default=""),
    Index("inbox_due", "status", "due_at"),
)

#: The effect of `session.created`: what providers told us about their sessions.
announced_sessions = Table(
    "announced_sessions",
    app_tables,
    Column("source", Text, primary_key=True),
    Column("sid", Text, primary_key=True),
    Column("sub", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("announced_at", Double, nullable=False, index=True),
)

#: What buyers want, and what settled it. A browser that comes back changes nothing.
orders = Table(
    "orders",
    app_tables,
    Column("order_id", Text, primary_key=True),
    Column("buyer_hash", Text, nullable=False, index=True),
    Column("article", Text, nullable=False),
    #: In the smallest unit of the currency.
    Column("amount", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    #: The webhook source whose messages may settle it.
    Column("source", Text, nullable=False),
    Column("created_at", Double, nullable=False, index=True),
    #: open, paid or canceled
    Column("status", Text, nullable=False),
    #: Null until the provider has opened a checkout.
    Column("checkout_id", Text, index=True),
    Column("checkout_url", Text),
    #: The message that settled it, and when.
    Column("settled_by", Text),
    Column("settled_at", Double),
)

#: What messages said about orders, also those that changed nothing.
order_news = Table(
    "order_news",
    app_tables,
    Column("source", Text, primary_key=True),
    Column("message_id", Text, primary_key=True),
    Column("order_id", Text, nullable=False, index=True),
    Column("event_type", Text, nullable=False),
    #: settled, nothing, or a reason code
    Column("effect", Text, nullable=False),
    Column("at", Double, nullable=False),
)

#: Addresses that record whatever is sent to them, and how each answers.
bins = Table(
    "bins",
    app_tables,
    Column("bin_id", Text, primary_key=True),
    Column("status", Integer, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("headers", JSON, nullable=False),
    Column("body", Text, nullable=False),
    Column("delay", Double, nullable=False),
    #: So many of the calls that came are answered with `failing_status`.
    Column("failures", Integer, nullable=False),
    Column("failing_status", Integer, nullable=False),
    Column("came", Integer, nullable=False),
    Column("created_at", Double, nullable=False),
)
