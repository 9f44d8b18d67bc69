"""Every table there is, on one page: three databases that never read each other.

Times are unix seconds. What would be worth stealing is kept as a hash: states,
codes, cookies and tokens are found by `secret_hash`, never by themselves.
"""

import hashlib

from sqlalchemy import JSON
from sqlalchemy import Boolean
from sqlalchemy import Column
from sqlalchemy import Double
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import LargeBinary
from sqlalchemy import MetaData
from sqlalchemy import Table
from sqlalchemy import Text


def secret_hash(secret: str) -> str:
    """What is stored instead of `secret`: enough to find it, useless to a thief.

    A plain SHA-256 suffices because every secret here is 128 random bits or more.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


# --- the app -----------------------------------------------------------------------

app_tables = MetaData()

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
)

#: Messages as they were received: the id is the key, so each is kept once.
inbox = Table(
    "inbox",
    app_tables,
    Column("source", Text, primary_key=True),
    Column("message_id", Text, primary_key=True),
    Column("timestamp", Integer, nullable=False),
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
    Column("announced_at", Double, nullable=False),
)

# --- the provider ------------------------------------------------------------------

provider_tables = MetaData()

#: Who is signed in at the provider.
provider_sessions = Table(
    "provider_sessions",
    provider_tables,
    Column("id_hash", Text, primary_key=True),
    Column("sub", Text, nullable=False),
    Column("auth_time", Double, nullable=False),
    Column("expires_at", Double, nullable=False, index=True),
)

#: Authorization requests that wait for login or consent.
interactions = Table(
    "interactions",
    provider_tables,
    Column("id_hash", Text, primary_key=True),
    Column("parameters", JSON, nullable=False),
    Column("browser_hash", Text, nullable=False),
    Column("created_at", Double, nullable=False, index=True),
)

#: Authorization codes: taken once; kept until they expire so that a replay is seen.
authorization_codes = Table(
    "authorization_codes",
    provider_tables,
    Column("code_hash", Text, primary_key=True),
    Column("client_id", Text, nullable=False),
    Column("redirect_uri", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("nonce", Text),
    Column("code_challenge", Text, nullable=False),
    Column("sub", Text, nullable=False),
    Column("sid", Text, nullable=False),
    Column("auth_time", Integer, nullable=False),
    Column("expires_at", Double, nullable=False, index=True),
    Column("taken", Boolean, nullable=False, default=False),
)

#: Access tokens, by hash.
access_tokens = Table(
    "access_tokens",
    provider_tables,
    Column("token_hash", Text, primary_key=True),
    #: The code it came of: replaying that code revokes it (RFC 6749 §4.1.2).
    Column("code_hash", Text, index=True),
    Column("client_id", Text, nullable=False),
    Column("sub", Text, nullable=False),
    Column("sid", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("issued_at", Integer, nullable=False),
    Column("expires_at", Double, nullable=False, index=True),
    Column("revoked", Boolean, nullable=False, default=False),
)

#: Which scope a user allowed a client.
consents = Table(
    "consents",
    provider_tables,
    Column("sub", Text, primary_key=True),
    Column("client_id", Text, primary_key=True),
    Column("scope", Text, nullable=False),
    Column("given_at", Double, nullable=False),
)

#: Signing keys, the private part encrypted; the newest one signs.
signing_keys = Table(
    "signing_keys",
    provider_tables,
    Column("kid", Text, primary_key=True),
    Column("alg", Text, nullable=False),
    Column("public_jwk", JSON, nullable=False),
    Column("private_jwe", Text, nullable=False),
    Column("created_at", Double, nullable=False),
)

#: What happened, written with the happening itself: the sender's outbox.
events = Table(
    "events",
    provider_tables,
    Column("message_id", Text, primary_key=True),
    Column("type", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", Double, nullable=False),
)

#: One event on its way to one endpoint.
deliveries = Table(
    "deliveries",
    provider_tables,
    Column("message_id", ForeignKey("events.message_id"), primary_key=True),
    Column("endpoint_url", Text, primary_key=True),
    #: pending, delivered or dead
    Column("status", Text, nullable=False, default="pending"),
    Column("tries", Integer, nullable=False, default=0),
    #: When the next attempt is due; moved ahead while one is under way (a lease).
    Column("due_at", Double, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Index("deliveries_due", "status", "due_at"),
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
)

# --- the recorder ------------------------------------------------------------------

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
)
