"""Sessions at the provider: found by the hash of the id that a cookie carries."""

from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import select

from oauthapp.schema import secret_hash
from oauthapp.schema.provider import provider_sessions


@dataclass(frozen=True, kw_only=True)
class ProviderSession:
    """Who typed their password, and when (unix seconds)."""

    sub: str
    auth_time: float
    expires_at: float


def keep_session(
    connection: Connection, session_id: str, session: ProviderSession
) -> None:
    """Remember who `session_id` stands for."""
    row = {"id_hash": secret_hash(session_id), **vars(session)}
    connection.execute(insert(provider_sessions), row)


def find_session(
    connection: Connection, session_id: str, *, now: float
) -> ProviderSession | None:
    """Who `session_id` stands for, unless it has expired."""
    wanted = select(provider_sessions).where(
        provider_sessions.c.id_hash == secret_hash(session_id),
        provider_sessions.c.expires_at > now,
    )
    row = connection.execute(wanted).mappings().one_or_none()
    if row is None:
        return None
    return ProviderSession(**{key: row[key] for key in row if key != "id_hash"})


def remove_session(connection: Connection, session_id: str) -> None:
    """Forget `session_id`, so that a copied cookie is worth nothing."""
    same = provider_sessions.c.id_hash == secret_hash(session_id)
    connection.execute(delete(provider_sessions).where(same))


def forget_expired_sessions(connection: Connection, *, now: float) -> None:
    """Remove sessions that nobody can use any more."""
    connection.execute(
        delete(provider_sessions).where(provider_sessions.c.expires_at <= now)
    )
