"""Sessions at the provider: found by the hash of the id that a cookie carries."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy import bindparam
from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import select

from oauthapp.database import padded
from oauthapp.schema import secret_hash
from oauthapp.schema.provider import provider_sessions

#: Built once: to build these takes longer than to have them answered.
_KEEP = insert(provider_sessions)
_UNEXPIRED = provider_sessions.c.expires_at > bindparam("now")
_FIND = select(provider_sessions).where(
    provider_sessions.c.id_hash == bindparam("hash"), _UNEXPIRED
)
_IS_OPEN = select(provider_sessions.c.id_hash).where(
    provider_sessions.c.session_ref == bindparam("ref"), _UNEXPIRED
)
_NEWEST_FIRST = (
    select(provider_sessions.c.session_ref)
    .order_by(provider_sessions.c.auth_time.desc())
    .offset(bindparam("but"))
)
_NEWEST_FIRST_OF_USER = _NEWEST_FIRST.where(provider_sessions.c.sub == bindparam("sub"))
_FORGET = delete(provider_sessions).where(
    provider_sessions.c.expires_at <= bindparam("now")
)


@dataclass(frozen=True, kw_only=True)
class ProviderSession:
    """Who typed their password, and when (unix seconds)."""

    #: Names this session in grants; it stays when its user signs in again.
    session_ref: str
    sub: str
    auth_time: float
    expires_at: float


def keep_session(
    connection: Connection, session_id: str, session: ProviderSession
) -> None:
    """Remember who `session_id` stands for."""
    row = {"id_hash": secret_hash(session_id), **vars(session)}
    connection.execute(_KEEP, row)


def find_session(
    connection: Connection, session_id: str, *, now: float
) -> ProviderSession | None:
    """Who `session_id` stands for, unless it has expired."""
    told = {"hash": secret_hash(session_id), "now": now}
    row = connection.execute(_FIND, told).mappings().one_or_none()
    if row is None:
        return None
    return ProviderSession(**{key: row[key] for key in row if key != "id_hash"})


def session_is_open(connection: Connection, session_ref: str, *, now: float) -> bool:
    """Whether the session that grants call so has neither ended nor expired."""
    told = {"ref": session_ref, "now": now}
    return connection.execute(_IS_OPEN, told).first() is not None


def remove_session(connection: Connection, session_id: str) -> bool:
    """Forget `session_id`, so that a copied cookie is worth nothing."""
    same = provider_sessions.c.id_hash == secret_hash(session_id)
    return connection.execute(delete(provider_sessions).where(same)).rowcount == 1


def open_sessions(
    connection: Connection, *, sub: str | None = None, but: int = 0
) -> Sequence[str]:
    """What grants call each session that was not ended.

    :param sub: of this user only.
    :param but: leave out so many, the newest.
    """
    wanted = _NEWEST_FIRST if sub is None else _NEWEST_FIRST_OF_USER
    return connection.execute(wanted, {"sub": sub, "but": but}).scalars().all()


def remove_sessions(connection: Connection, refs: Sequence[str]) -> None:
    """Forget these sessions, by what grants call them."""
    those = provider_sessions.c.session_ref.in_(padded(refs))
    connection.execute(delete(provider_sessions).where(those))


def forget_expired_sessions(connection: Connection, *, now: float) -> None:
    """Remove sessions that nobody can use any more."""
    connection.execute(_FORGET, {"now": now})
