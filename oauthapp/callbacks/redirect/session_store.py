"""Sessions at the app: found by the hash of the id that a cookie carries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import select

from oauthapp.schema import secret_hash
from oauthapp.schema.app import announced_sessions
from oauthapp.schema.app import app_sessions


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """What a login proved: who, at which provider, and what it says about them."""

    provider: str
    issuer: str
    sub: str
    #: The provider's own id of this login; its webhooks and logouts name it.
    sid: str | None
    claims: Mapping[str, Any]
    created_at: float
    expires_at: float
    #: Where signing out goes on, if the provider has such a place.
    end_session_endpoint: str | None = None


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """What a webhook told us about the same login."""

    source: str
    message_id: str
    announced_at: float


def keep_session(connection: Connection, session_id: str, session: SignedIn) -> None:
    """Remember who `session_id` stands for."""
    row = {"id_hash": secret_hash(session_id), **vars(session)}
    connection.execute(insert(app_sessions), row)


def end_oldest(connection: Connection, session: SignedIn, *, most: int) -> None:
    """Leave this user no more than `most` sessions, the newest."""
    beyond = (
        select(app_sessions.c.id_hash)
        .where(
            app_sessions.c.issuer == session.issuer, app_sessions.c.sub == session.sub
        )
        .order_by(app_sessions.c.created_at.desc())
        .offset(most)
    )
    connection.execute(delete(app_sessions).where(app_sessions.c.id_hash.in_(beyond)))


def find_session(
    connection: Connection, session_id: str, *, now: float
) -> SignedIn | None:
    """Who `session_id` stands for, unless it has expired."""
    wanted = select(app_sessions).where(
        app_sessions.c.id_hash == secret_hash(session_id),
        app_sessions.c.expires_at > now,
    )
    row = connection.execute(wanted).mappings().one_or_none()
    if row is None:
        return None
    return SignedIn(**{key: row[key] for key in row if key != "id_hash"})


def remove_session(connection: Connection, session_id: str) -> None:
    """Forget `session_id`, so that a copied cookie is worth nothing."""
    connection.execute(
        delete(app_sessions).where(app_sessions.c.id_hash == secret_hash(session_id))
    )


def forget_expired_sessions(connection: Connection, *, now: float) -> None:
    """Remove sessions that nobody can use any more."""
    connection.execute(delete(app_sessions).where(app_sessions.c.expires_at <= now))


def find_announcement(connection: Connection, session: SignedIn) -> Announcement | None:
    """What a webhook said about this session, if one has arrived."""
    wanted = select(
        announced_sessions.c.source,
        announced_sessions.c.message_id,
        announced_sessions.c.announced_at,
    ).where(
        announced_sessions.c.sid == session.sid,
        announced_sessions.c.sub == session.sub,
    )
    row = connection.execute(wanted).mappings().first()
    return Announcement(**row) if row else None
