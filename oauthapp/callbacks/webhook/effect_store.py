"""What messages have brought about: written with the mark that they are done."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from oauthapp.callbacks.builds import store as builds
from oauthapp.callbacks.builds.store import Build
from oauthapp.callbacks.webhook.store import Claimed
from oauthapp.database import insert_or_nothing
from oauthapp.schema.app import announced_sessions


@dataclass(frozen=True, kw_only=True)
class Announced:
    """A session that a message told us of."""

    message: Claimed
    sid: str
    sub: str


def announce_sessions(
    connection: Connection, announced: Sequence[Announced], *, now: float
) -> None:
    """Keep that sources told us of sessions; once told is told."""
    # In the order of their keys: of two workers with the same ones, one waits.
    ordered = sorted(announced, key=lambda one: (one.message.source, one.sid))
    rows = [
        {
            "source": one.message.source,
            "sid": one.sid,
            "sub": one.sub,
            "message_id": one.message.message_id,
            "announced_at": now,
        }
        for one in ordered
    ]
    if rows:
        insert = insert_or_nothing(connection.dialect.name, announced_sessions)
        connection.execute(insert, rows)


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
