"""Signing keys, kept: public parts readable, private parts encrypted."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import bindparam
from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import update

from oauthapp.schema.provider import signing_keys

#: Built once: to build it takes longer than to have it answered.
_NEWEST = (
    select(signing_keys.c.private_jwe)
    .where(signing_keys.c.alg == bindparam("alg"), signing_keys.c.retired_at.is_(None))
    .where(signing_keys.c.created_at > bindparam("made_after"))
    .order_by(signing_keys.c.created_at.desc(), signing_keys.c.kid)
    .limit(1)
)


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
        "retired_at": None,
    }
    connection.execute(insert(signing_keys), row)


def retire(connection: Connection, *, now: float) -> None:
    """Let no present key sign any more."""
    present = signing_keys.c.retired_at.is_(None)
    connection.execute(update(signing_keys).where(present).values(retired_at=now))


def forget(connection: Connection, *, retired_before: float) -> None:
    """Remove keys whose signatures nobody can hold any more."""
    old = signing_keys.c.retired_at <= retired_before
    connection.execute(delete(signing_keys).where(old))


def newest(connection: Connection, alg: str, *, made_after: float) -> str | None:
    """The encrypted private part of the key for `alg` that signs."""
    told = {"alg": alg, "made_after": made_after}
    return connection.execute(_NEWEST, told).scalar_one_or_none()


def public_keys(
    connection: Connection, *, retired_after: float
) -> list[dict[str, object]]:
    """The public keys that are trusted, the newest first."""
    retired_at = signing_keys.c.retired_at
    wanted = (
        select(signing_keys.c.public_jwk)
        .where(or_(retired_at.is_(None), retired_at > retired_after))
        .order_by(signing_keys.c.created_at.desc(), signing_keys.c.kid)
    )
    return [dict(jwk) for jwk in connection.execute(wanted).scalars()]
