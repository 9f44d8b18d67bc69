"""The provider's tables as revision 0001 made them, save what `sender.py` has."""

from sqlalchemy import JSON
from sqlalchemy import BigInteger
from sqlalchemy import Boolean
from sqlalchemy import Column
from sqlalchemy import Double
from sqlalchemy import ForeignKey
from sqlalchemy import Integer
from sqlalchemy import MetaData
from sqlalchemy import Table
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint

provider_tables = MetaData()

Table(
    "armed_faults",
    provider_tables,
    Column("name", Text, primary_key=True),
    Column("target", Text, primary_key=True),
    Column("times", Integer, nullable=False),
    Column("armed_at", Double, nullable=False),
)


Table(
    "provider_sessions",
    provider_tables,
    Column("id_hash", Text, primary_key=True),
    Column("session_ref", Text, nullable=False, unique=True),
    Column("sub", Text, nullable=False),
    Column("auth_time", Double, nullable=False),
    Column("expires_at", Double, nullable=False, index=True),
)

Table(
    "interactions",
    provider_tables,
    Column("id_hash", Text, primary_key=True),
    Column("parameters_jwe", Text, nullable=False),
    Column("browser_hash", Text, nullable=False),
    Column("created_at", Double, nullable=False, index=True),
)

Table(
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
    Column("expires_at", Double, nullable=False, index=True),
)

Table(
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

Table(
    "access_tokens",
    provider_tables,
    Column("token_hash", Text, primary_key=True),
    Column("grant_id", ForeignKey("grants.grant_id", ondelete="CASCADE"), index=True),
    Column("scope", Text, nullable=False),
    Column("issued_at", BigInteger, nullable=False),
    Column("expires_at", Double, nullable=False, index=True),
)

Table(
    "refresh_tokens",
    provider_tables,
    Column("token_hash", Text, primary_key=True),
    Column("grant_id", ForeignKey("grants.grant_id", ondelete="CASCADE"), index=True),
    Column("issued_at", BigInteger, nullable=False),
    Column("expires_at", Double, nullable=False),
    Column("taken", Boolean, nullable=False, default=False),
)

Table(
    "consents",
    provider_tables,
    Column("sub", Text, primary_key=True),
    Column("client_id", Text, primary_key=True),
    Column("scope", Text, nullable=False),
    Column("given_at", Double, nullable=False),
)

Table(
    "signing_keys",
    provider_tables,
    Column("kid", Text, primary_key=True),
    Column("alg", Text, nullable=False),
    Column("public_jwk", JSON, nullable=False),
    Column("private_jwe", Text, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("retired_at", Double),
)

Table(
    "pushed_requests",
    provider_tables,
    Column("uri_hash", Text, primary_key=True),
    Column("client_id", Text, nullable=False),
    Column("parameters_jwe", Text, nullable=False),
    Column("expires_at", Double, nullable=False, index=True),
)

Table(
    "registered_clients",
    provider_tables,
    Column("client_id", Text, primary_key=True),
    Column("registration_jwe", Text, nullable=False),
    Column("created_at", Double, nullable=False),
)

Table(
    "checkouts",
    provider_tables,
    Column("checkout_id", Text, primary_key=True),
    Column("client_id", Text, nullable=False),
    Column("idempotency_key", Text, nullable=False),
    Column("order_ref", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("return_url", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False, index=True),
    UniqueConstraint("client_id", "idempotency_key"),
)
