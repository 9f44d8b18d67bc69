"""What messages have brought about: written with the mark that they are done."""

from sqlalchemy import Connection

from oauthapp.callbacks.builds import store as builds
from oauthapp.callbacks.builds.store import Build
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


def begin_build(
    connection: Connection,
    one: Claimed,
    *,
    repository: str,
    commit: str,
    statuses_url: str,
    now: float,
) -> None:
    """Keep that a commit is to be built, and where its sender asks to be told of it."""
    build = Build(
        source=one.source,
        repository=repository,
        commit=commit,
        statuses_url=statuses_url,
        message_id=one.message_id,
        created_at=now,
        due_at=now,
    )
    builds.keep(connection, build)
