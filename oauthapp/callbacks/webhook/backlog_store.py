"""How much is in the inbox that has not taken effect, and since when?"""

from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy import func
from sqlalchemy import select

from oauthapp.database import reading
from oauthapp.schema.app import inbox


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """What waits, and what is dead and waits for people."""

    waiting: int
    dead: int
    #: When the oldest that waits was received.
    since: float | None
    #: Of the bodies of what waits.
    bytes: int


def look(engine: Engine) -> Backlog:
    """It takes the longer the more there is; what was processed costs nothing."""
    size = func.coalesce(func.sum(func.length(inbox.c.body)), 0)
    found = (
        select(inbox.c.status, func.count(), func.min(inbox.c.received_at), size)
        .where(inbox.c.status.in_(["pending", "dead"]))
        .group_by(inbox.c.status)
    )
    with reading(engine) as connection:
        rows = {row[0]: row for row in connection.execute(found)}
    nothing = ("", 0, None, 0)
    pending, dead = rows.get("pending", nothing), rows.get("dead", nothing)
    return Backlog(
        waiting=pending[1],
        dead=dead[1],
        since=pending[2],
        bytes=int(pending[3]),
    )
