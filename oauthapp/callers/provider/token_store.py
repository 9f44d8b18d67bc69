"""Access and refresh tokens, by their hashes: good as long as their grant is."""

from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy import bindparam
from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from oauthapp.callers.provider.grant_store import Grant
from oauthapp.callers.provider.grant_store import grant_of
from oauthapp.schema import secret_hash
from oauthapp.schema.provider import access_tokens
from oauthapp.schema.provider import grants
from oauthapp.schema.provider import refresh_tokens

#: Built once: to build these takes longer than to have them answered.
_KEEP_ACCESS = insert(access_tokens)
_KEEP_REFRESH = insert(refresh_tokens)
_FIND_ACCESS = (
    select(
        grants,
        access_tokens.c.scope.label("token_scope"),
        access_tokens.c.issued_at,
        access_tokens.c.expires_at.label("token_expires_at"),
    )
    .join(grants, grants.c.grant_id == access_tokens.c.grant_id)
    .where(access_tokens.c.token_hash == bindparam("hash"))
    .where(access_tokens.c.expires_at > bindparam("now"), grants.c.revoked.is_(False))
)
_FIND_REFRESH = (
    select(
        grants,
        refresh_tokens.c.issued_at,
        refresh_tokens.c.taken,
        refresh_tokens.c.expires_at.label("token_expires_at"),
    )
    .join(grants, grants.c.grant_id == refresh_tokens.c.grant_id)
    .where(refresh_tokens.c.token_hash == bindparam("hash"))
    .where(refresh_tokens.c.expires_at > bindparam("now"), grants.c.revoked.is_(False))
)
_TAKE_REFRESH = (
    update(refresh_tokens)
    .where(refresh_tokens.c.token_hash == bindparam("hash"))
    .where(refresh_tokens.c.taken.is_(False))
    .values(taken=True)
)
_KEEP_GRANT_UNTIL = (
    update(grants)
    .where(grants.c.grant_id == bindparam("grant"))
    .where(grants.c.expires_at < bindparam("until"))
    .values(expires_at=bindparam("until"))
)


@dataclass(frozen=True, kw_only=True)
class AccessToken:
    """What an access token opens, and for how long."""

    grant: Grant
    #: The grant's scope, or less if the client asked for less.
    scope: str
    #: Unix seconds.
    issued_at: int
    expires_at: float


@dataclass(frozen=True, kw_only=True)
class RefreshToken:
    """What a refresh token can be changed for, once."""

    grant: Grant
    issued_at: int
    #: Inherited by the one that replaces it: a login does not last for ever.
    expires_at: float
    #: It was changed; whoever brings it again stole it, or was stolen from.
    taken: bool = False


def keep_access_token(connection: Connection, token: str, kept: AccessToken) -> None:
    """Keep an access token, and its grant at least as long."""
    row = {
        "token_hash": secret_hash(token),
        "grant_id": kept.grant.grant_id,
        "scope": kept.scope,
        "issued_at": kept.issued_at,
        "expires_at": kept.expires_at,
    }
    connection.execute(_KEEP_ACCESS, row)
    _keep_grant_until(connection, kept.grant, kept.expires_at)


def keep_refresh_token(connection: Connection, token: str, kept: RefreshToken) -> None:
    """Keep a refresh token, and its grant at least as long."""
    row = {
        "token_hash": secret_hash(token),
        "grant_id": kept.grant.grant_id,
        "issued_at": kept.issued_at,
        "expires_at": kept.expires_at,
        "taken": kept.taken,
    }
    connection.execute(_KEEP_REFRESH, row)
    _keep_grant_until(connection, kept.grant, kept.expires_at)


def find_access_token(
    connection: Connection, token: str, *, now: float
) -> AccessToken | None:
    """What `token` opens now."""
    told = {"hash": secret_hash(token), "now": now}
    row = connection.execute(_FIND_ACCESS, told).mappings().one_or_none()
    if row is None:
        return None
    return AccessToken(
        grant=grant_of(row),
        scope=row["token_scope"],
        issued_at=row["issued_at"],
        expires_at=row["token_expires_at"],
    )


def find_refresh_token(
    connection: Connection, token: str, *, now: float
) -> RefreshToken | None:
    """What `token` can be changed for, also when it was changed before."""
    told = {"hash": secret_hash(token), "now": now}
    row = connection.execute(_FIND_REFRESH, told).mappings().one_or_none()
    if row is None:
        return None
    return RefreshToken(
        grant=grant_of(row),
        issued_at=row["issued_at"],
        expires_at=row["token_expires_at"],
        taken=row["taken"],
    )


def take_refresh_token(connection: Connection, token: str) -> bool:
    """Change `token`: whether it was still there, for one caller only."""
    told = {"hash": secret_hash(token)}
    return connection.execute(_TAKE_REFRESH, told).rowcount == 1


def revoke_access_token(connection: Connection, token: str) -> None:
    """End this one token; what else came of its grant lives on."""
    same = access_tokens.c.token_hash == secret_hash(token)
    connection.execute(delete(access_tokens).where(same))


def _keep_grant_until(connection: Connection, grant: Grant, expires_at: float) -> None:
    told = {"grant": grant.grant_id, "until": expires_at}
    connection.execute(_KEEP_GRANT_UNTIL, told)
