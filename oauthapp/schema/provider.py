"""The provider's tables. Times are unix seconds; secrets are kept as their hashes."""

from sqlalchemy import JSON
from sqlalchemy import BigInteger
from sqlalchemy import Boolean
from sqlalchemy import Column
from sqlalchemy import Double
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import MetaData
from sqlalchemy import Table
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint

from oauthapp.schema.control import armed_faults

#: The sender's tables are in it too, see `schema/sender.py`.
provider_tables = MetaData(
    info={
        "history": "provider",
        "revision": "0003",
        #: Further pages of them.
        "pages": ("oauthapp.schema.sender", "oauthapp.schema.jobs"),
    }
)
armed_faults.to_metadata(provider_tables)

#: Who is signed in at the provider.
provider_sessions = Table(
    "provider_sessions",
    provider_tables,
    Column("id_hash", Text, primary_key=True),
    #: Stays when the same user signs in again under a new id: grants name it.
    Column("session_ref", Text, nullable=False, unique=True),
    Column("sub", Text, nullable=False),
    Column("auth_time", Double, nullable=False),
    Column("expires_at", Double, nullable=False, index=True),
    Index("provider_sessions_of", "sub", "auth_time"),
)

#: Authorization requests that wait for login or consent, encrypted: state and hint.
interactions = Table(
    "interactions",
    provider_tables,
    Column("id_hash", Text, primary_key=True),
    Column("parameters_jwe", Text, nullable=False),
    Column("browser_hash", Text, nullable=False),
    Column("created_at", Double, nullable=False, index=True),
)

#: What a user allowed a client by one login. Revoking it revokes all that came of it.
grants = Table(
    "grants",
    provider_tables,
    Column("grant_id", Text, primary_key=True),
    Column("client_id", Text, nullable=False),
    Column("sub", Text, nullable=False),
    Column("sid", Text, nullable=False),
    Column("session_ref", Text, nullable=False, index=True),
    Column("scope", Text, nullable=False),
    Column("claims", JSON, nullable=False),
    Column("auth_time", BigInteger, nullable=False),
    Column("revoked", Boolean, nullable=False, default=False),
    #: The end of whatever lives longest: the session or one of the tokens.
    Column("expires_at", Double, nullable=False, index=True),
)

#: Authorization codes: taken once; kept with their grant so that a replay is seen.
authorization_codes = Table(
    "authorization_codes",
    provider_tables,
    Column("code_hash", Text, primary_key=True),
    Column("grant_id", ForeignKey("grants.grant_id", ondelete="CASCADE"), index=True),
    Column("redirect_uri", Text, nullable=False),
    Column("nonce", Text),
    Column("code_challenge", Text, nullable=False),
    Column("expires_at", Double, nullable=False),
    Column("taken", Boolean, nullable=False, default=False),
)

#: Access tokens, by hash. A revoked one is removed.
access_tokens = Table(
    "access_tokens",
    provider_tables,
    Column("token_hash", Text, primary_key=True),
    Column("grant_id", ForeignKey("grants.grant_id", ondelete="CASCADE"), index=True),
    Column("scope", Text, nullable=False),
    Column("issued_at", BigInteger, nullable=False),
    Column("expires_at", Double, nullable=False, index=True),
)

#: Refresh tokens, by hash: taken once; kept with their grant so that a reuse is seen.
refresh_tokens = Table(
    "refresh_tokens",
    provider_tables,
    Column("token_hash", Text, primary_key=True),
    Column("grant_id", ForeignKey("grants.grant_id", ondelete="CASCADE"), index=True),
    Column("issued_at", BigInteger, nullable=False),
    Column("expires_at", Double, nullable=False),
    Column("taken", Boolean, nullable=False, default=False),
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

#: Signing keys, the private part encrypted; the one that is not retired signs.
signing_keys = Table(
    "signing_keys",
    provider_tables,
    Column("kid", Text, primary_key=True),
    Column("alg", Text, nullable=False),
    Column("public_jwk", JSON, nullable=False),
    Column("private_jwe", Text, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("retired_at", Double),
)

#: Authorization requests that came by the back channel and wait for their browser.
pushed_requests = Table(
    "pushed_requests",
    provider_tables,
    Column("uri_hash", Text, primary_key=True),
    Column("client_id", Text, nullable=False),
    Column("parameters_jwe", Text, nullable=False),
    Column("expires_at", Double, nullable=False, index=True),
)

#: Clients that registered themselves, the whole registration encrypted.
registered_clients = Table(
    "registered_clients",
    provider_tables,
    Column("client_id", Text, primary_key=True),
    Column("registration_jwe", Text, nullable=False),
    Column("created_at", Double, nullable=False),
)

#: What shops want to be paid for: one row a key, ended once.
checkouts = Table(
    "checkouts",
    provider_tables,
    Column("checkout_id", Text, primary_key=True),
    Column("client_id", Text, nullable=False),
    Column("idempotency_key", Text, nullable=False),
    #: The shop's own name for it.
    Column("order_ref", Text, nullable=False),
    Column("description", Text, nullable=False),
    #: In the smallest unit of the currency.
    Column("amount", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("return_url", Text, nullable=False),
    #: open, paid or canceled
    Column("status", Text, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False, index=True),
    UniqueConstraint("client_id", "idempotency_key"),
)
