"""What the provider keeps of a login: interactions, consents, codes and tokens.

Codes and tokens are kept by their hashes. A code is redeemed in one transaction with
the token that comes of it, so of any number of parallel exchanges one succeeds.
"""

from dataclasses import asdict
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from oauthapp.database import insert_once
from oauthapp.parameters import Parameters
from oauthapp.schema import secret_hash
from oauthapp.schema.provider import access_tokens
from oauthapp.schema.provider import authorization_codes
from oauthapp.schema.provider import consents
from oauthapp.schema.provider import interactions

#: Seconds a sign-in page may be left open.
INTERACTION_TTL = 600


@dataclass(frozen=True, kw_only=True)
class Interaction:
    """A request that waits for its user, and the browser it waits in."""

    parameters: Parameters
    browser_hash: str
    created_at: float


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a user allowed a client by one login."""

    client_id: str
    sub: str
    #: Fresh for every login: links id_token, webhook and logout of this one.
    sid: str
    scope: str
    auth_time: int


@dataclass(frozen=True, kw_only=True)
class Code(Grant):
    """A grant that a client may fetch with its code, once."""

    redirect_uri: str
    nonce: str | None
    code_challenge: str
    expires_at: float
    #: It was redeemed; whoever brings it again replays it.
    taken: bool = False


def keep_interaction(
    connection: Connection, interaction_id: str, waiting: Interaction
) -> None:
    """Remember a request while its user signs in or decides."""
    oldest = waiting.created_at - INTERACTION_TTL
    connection.execute(delete(interactions).where(interactions.c.created_at < oldest))
    row = {"id_hash": secret_hash(interaction_id), **asdict(waiting)}
    connection.execute(insert(interactions), row)


def find_interaction(
    connection: Connection, interaction_id: str, *, now: float
) -> Interaction | None:
    """The request that waits under this id, unless it has waited too long."""
    wanted = select(interactions).where(
        interactions.c.id_hash == secret_hash(interaction_id),
        interactions.c.created_at >= now - INTERACTION_TTL,
    )
    row = connection.execute(wanted).mappings().one_or_none()
    if row is None:
        return None
    return Interaction(
        parameters=tuple((name, value) for name, value in row["parameters"]),
        browser_hash=row["browser_hash"],
        created_at=row["created_at"],
    )


def take_interaction(connection: Connection, interaction_id: str) -> bool:
    """End the wait: whether it was still on, for one caller only."""
    ended = delete(interactions).where(
        interactions.c.id_hash == secret_hash(interaction_id)
    )
    return connection.execute(ended).rowcount == 1


def consented_scope(
    connection: Connection, *, sub: str, client_id: str
) -> frozenset[str]:
    """What `sub` has allowed this client so far."""
    wanted = select(consents.c.scope).where(
        consents.c.sub == sub, consents.c.client_id == client_id
    )
    return frozenset((connection.execute(wanted).scalar_one_or_none() or "").split())


def keep_consent(
    connection: Connection, *, sub: str, client_id: str, scope: str, now: float
) -> None:
    """Remember that `sub` allowed `scope`, besides what was allowed before."""
    before = consented_scope(connection, sub=sub, client_id=client_id)
    row = {
        "sub": sub,
        "client_id": client_id,
        "scope": " ".join(sorted(before | set(scope.split()))),
        "given_at": now,
    }
    if insert_once(connection, consents, row):
        return
    same = (consents.c.sub == sub) & (consents.c.client_id == client_id)
    connection.execute(update(consents).where(same).values(row))


def keep_code(connection: Connection, code: str, granted: Code) -> None:
    """Keep a code until it expires; also a taken one, so that a replay is seen."""
    row = {"code_hash": secret_hash(code), **asdict(granted)}
    connection.execute(insert(authorization_codes), row)


def find_code(connection: Connection, code: str) -> Code | None:
    """What `code` stands for, taken or not, expired or not."""
    wanted = select(authorization_codes).where(
        authorization_codes.c.code_hash == secret_hash(code)
    )
    row = connection.execute(wanted).mappings().one_or_none()
    if row is None:
        return None
    return Code(**{key: row[key] for key in row if key != "code_hash"})


def redeem(
    connection: Connection,
    *,
    code: str,
    access_token: str,
    granted: Grant,
    issued_at: int,
    expires_at: float,
) -> bool:
    """Take `code` and keep the token that comes of it.

    False when the code was taken before; then whatever came of it is revoked, since
    one of the two who had the code must have stolen it (RFC 6749 §4.1.2).
    """
    code_hash = secret_hash(code)
    open_code = authorization_codes.c.taken.is_(False)
    same_code = authorization_codes.c.code_hash == code_hash
    take = update(authorization_codes).where(same_code, open_code).values(taken=True)
    if connection.execute(take).rowcount != 1:
        came_of_it = access_tokens.c.code_hash == code_hash
        connection.execute(update(access_tokens).where(came_of_it).values(revoked=True))
        return False
    row = {
        "token_hash": secret_hash(access_token),
        "code_hash": code_hash,
        "client_id": granted.client_id,
        "sub": granted.sub,
        "sid": granted.sid,
        "scope": granted.scope,
        "issued_at": issued_at,
        "expires_at": expires_at,
        "revoked": False,
    }
    connection.execute(insert(access_tokens), row)
    return True


def find_token(
    connection: Connection, access_token: str, *, now: float
) -> tuple[str, str] | None:
    """Subject and scope of a token that is good now."""
    wanted = select(access_tokens.c.sub, access_tokens.c.scope).where(
        access_tokens.c.token_hash == secret_hash(access_token),
        access_tokens.c.expires_at > now,
        access_tokens.c.revoked.is_(False),
    )
    row = connection.execute(wanted).one_or_none()
    return (row.sub, row.scope) if row else None


def forget_expired(connection: Connection, *, now: float) -> None:
    """Remove tokens that expired, and codes whose tokens have."""
    connection.execute(delete(access_tokens).where(access_tokens.c.expires_at < now))
    alive = select(access_tokens.c.code_hash)
    connection.execute(
        delete(authorization_codes).where(
            authorization_codes.c.expires_at < now,
            authorization_codes.c.code_hash.not_in(alive),
        )
    )
