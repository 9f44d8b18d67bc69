"""Authorization requests that wait for their user, and what users have allowed."""

from dataclasses import asdict
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy import bindparam
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from oauthapp.database import insert_once
from oauthapp.schema import secret_hash
from oauthapp.schema.provider import consents
from oauthapp.schema.provider import interactions

#: Seconds a sign-in page may be left open.
INTERACTION_TTL = 600

#: Built once: to build these takes longer than to have them answered.
_SAME = interactions.c.id_hash == bindparam("hash")
_KEEP = insert(interactions)
_FORGET = delete(interactions).where(interactions.c.created_at < bindparam("since"))
_FIND = select(interactions).where(
    _SAME, interactions.c.created_at >= bindparam("since")
)
_TAKE = delete(interactions).where(_SAME)
_CONSENTED = select(consents.c.scope).where(
    consents.c.sub == bindparam("sub"), consents.c.client_id == bindparam("client")
)


@dataclass(frozen=True, kw_only=True)
class Interaction:
    """A request that waits for its user, and the browser it waits in."""

    #: Sealed: a state and an id_token_hint are nobody else's to read.
    parameters_jwe: str
    browser_hash: str
    created_at: float


def keep_interaction(
    connection: Connection, interaction_id: str, waiting: Interaction
) -> None:
    """Remember a request while its user signs in or decides."""
    forget_expired(connection, now=waiting.created_at)
    row = {"id_hash": secret_hash(interaction_id), **asdict(waiting)}
    connection.execute(_KEEP, row)


def forget_expired(connection: Connection, *, now: float) -> None:
    """Remove requests whose users did not come."""
    connection.execute(_FORGET, {"since": now - INTERACTION_TTL})


def count(connection: Connection) -> int:
    """How many there are."""
    counted = select(func.count()).select_from(interactions)
    return connection.execute(counted).scalar_one()


def find_interaction(
    connection: Connection, interaction_id: str, *, now: float
) -> Interaction | None:
    """The request that waits under this id, unless it has waited too long."""
    told = {"hash": secret_hash(interaction_id), "since": now - INTERACTION_TTL}
    row = connection.execute(_FIND, told).mappings().one_or_none()
    if row is None:
        return None
    return Interaction(
        parameters_jwe=row["parameters_jwe"],
        browser_hash=row["browser_hash"],
        created_at=row["created_at"],
    )


def take_interaction(connection: Connection, interaction_id: str) -> bool:
    """End the wait: whether it was still on, for one caller only."""
    return (
        connection.execute(_TAKE, {"hash": secret_hash(interaction_id)}).rowcount == 1
    )


def consented_scope(
    connection: Connection, *, sub: str, client_id: str
) -> frozenset[str]:
    """What `sub` has allowed this client so far."""
    found = connection.execute(_CONSENTED, {"sub": sub, "client": client_id})
    return frozenset((found.scalar_one_or_none() or "").split())


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
