"""What messages have brought about: written with the mark that they are done."""

from sqlalchemy import Connection

from oauthapp.callbacks.webhook.store import Claimed
from oauthapp.database import insert_once
from oauthapp.schema.app import announced_sessions


def announce_session(
    connection: Connection, one: Claimed, *, sid: str, sub: str, now: float
) -> None:
    """Keep that a source told us of a session; once told is told."""
    row = {
        "source": one.source,
        "sid": sid,
        "sub": sub,
        "message_id": one.message_id,
        "announced_at": now,
    }
    insert_once(connection, announced_sessions, row)
