"""Signing keys, kept: public parts readable, private parts encrypted."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import insert
from sqlalchemy import select

from oauthapp.schema.provider import signing_keys


def keep(
    connection: Connection,
    *,
    kid: str,
    alg: str,
    public_jwk: Mapping[str, Any],
    private_jwe: str,
    now: float,
) -> None:
    """Keep a new key; from now on it signs."""
    row = {
        "kid": kid,
        "alg": alg,
        "public_jwk": dict(public_jwk),
        "private_jwe": private_jwe,
        "created_at": now,
    }
    connection.execute(insert(signing_keys), row)


def newest(connection: Connection, alg: str) -> str | None:
    """The encrypted private part of the newest key for `alg`."""
    wanted = (
        select(signing_keys.c.private_jwe)
        .where(signing_keys.c.alg == alg)
        .order_by(signing_keys.c.created_at.desc(), signing_keys.c.kid)
        .limit(1)
    )
    return connection.execute(wanted).scalar_one_or_none()


def public_keys(connection: Connection) -> list[dict[str, object]]:
    """All public keys, the newest first."""
    wanted = select(signing_keys.c.public_jwk).order_by(
        signing_keys.c.created_at.desc(), signing_keys.c.kid
    )
    return [dict(jwk) for jwk in connection.execute(wanted).scalars()]
