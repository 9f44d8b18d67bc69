"""Access and refresh tokens, by their hashes: good as long as their grant is."""

from dataclasses import dataclass

from sqlalchemy import Connection
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
    connection.execute(insert(access_tokens), row)
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
    connection.execute(insert(refresh_tokens), row)
    _keep_grant_until(connection, kept.grant, kept.expires_at)


def find_access_token(
    connection: Connection, token: str, *, now: float
) -> AccessToken | None:
    """What `token` opens now."""
    own = (access_tokens.c.scope.label("token_scope"), access_tokens.c.issued_at)
    expires_at = access_tokens.c.expires_at.label("token_expires_at")
    wanted = (
        select(grants, *own, expires_at)
        .join(grants, grants.c.grant_id == access_tokens.c.grant_id)
        .where(access_tokens.c.token_hash == secret_hash(token))
        .where(access_tokens.c.expires_at > now, grants.c.revoked.is_(False))
    )
    row = connection.execute(wanted).mappings().one_or_none()
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
    own = (refresh_tokens.c.issued_at, refresh_tokens.c.taken)
    expires_at = refresh_tokens.c.expires_at.label("token_expires_at")
    wanted = (
        select(grants, *own, expires_at)
        .join(grants, grants.c.grant_id == refresh_tokens.c.grant_id)
        .where(refresh_tokens.c.token_hash == secret_hash(token))
        .where(refresh_tokens.c.expires_at > now, grants.c.revoked.is_(False))
    )
    row = connection.execute(wanted).mappings().one_or_none()
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
    unused = refresh_tokens.c.taken.is_(False)
    same = refresh_tokens.c.token_hash == secret_hash(token)
    take = update(refresh_tokens).where(same, unused).values(taken=True)
    return connection.execute(take).rowcount == 1


def revoke_access_token(connection: Connection, token: str) -> None:
    """End this one token; what else came of its grant lives on."""
    same = access_tokens.c.token_hash == secret_hash(token)
    connection.execute(delete(access_tokens).where(same))


def _keep_grant_until(connection: Connection, grant: Grant, expires_at: float) -> None:
    longer = (grants.c.grant_id == grant.grant_id) & (grants.c.expires_at < expires_at)
    connection.execute(update(grants).where(longer).values(expires_at=expires_at))
