"""The outbox: events, their deliveries to endpoints, and every attempt."""

import secrets
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import asdict
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime

import msgspec
from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from oauthapp.callers.sender.retry import Attempt
from oauthapp.callers.sender.retry import Decision
from oauthapp.database import insert_once
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.schema.provider import attempts
from oauthapp.schema.provider import deliveries
from oauthapp.schema.provider import events

#: Seconds after which a delivery is taken again from a worker that says nothing:
#: longer than one attempt may last.
LEASE = 30.0


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """An event on its way to one endpoint, ours to attempt until its lease ends."""

    message_id: str
    #: What it is about, and with it how it is sent.
    event_type: str
    endpoint_url: str
    body: bytes
    #: Number of the attempt that is now due; a later claim has a higher one.
    tries: int


def publish(
    connection: Connection,
    *,
    event_type: str,
    data: Mapping[str, object],
    endpoint_urls: Sequence[str],
    now: float,
) -> str:
    """Keep an event with a delivery for each endpoint: its message id.

    In the caller's transaction, so that what happened and the news of it are kept
    both or neither. The body's bytes are fixed here, for every attempt.
    """
    message_id = f"msg_{secrets.token_urlsafe(16)}"
    body = {"type": event_type, "timestamp": _iso(now), "data": dict(data)}
    event = {
        "message_id": message_id,
        "type": event_type,
        "body": msgspec.json.encode(body),
        "created_at": now,
    }
    connection.execute(insert(events), event)
    for url in endpoint_urls:
        delivery = {"message_id": message_id, "endpoint_url": url, "due_at": now}
        insert_once(connection, deliveries, {**delivery, **_NEW})
    return message_id


_NEW = {"status": "pending", "tries": 0, "reason": ""}


def claim(
    engine: Engine, *, now: float, limit: int, lease: float = LEASE
) -> tuple[Delivery, ...]:
    """Up to `limit` due deliveries, each nobody else's until the lease ends."""
    due = (
        select(deliveries, events.c.type, events.c.body)
        .join(events, events.c.message_id == deliveries.c.message_id)
        .where(deliveries.c.status == "pending", deliveries.c.due_at <= now)
        .order_by(deliveries.c.due_at)
        .limit(limit)
    )
    with reading(engine) as connection:  # an idle worker must not hold up writers
        if connection.execute(due.limit(1)).first() is None:
            return ()
    with writing(engine) as connection:
        lock = due.with_for_update(skip_locked=True, of=deliveries)
        claimed = tuple(
            Delivery(
                message_id=row.message_id,
                event_type=row.type,
                endpoint_url=row.endpoint_url,
                body=row.body,
                tries=row.tries + 1,
            )
            for row in connection.execute(lock)
        )
        for one in claimed:
            values = {"tries": one.tries, "due_at": now + lease}
            _update(connection, one, tries=one.tries - 1, values=values)
    return claimed


def settle(
    engine: Engine, one: Delivery, decision: Decision, *, attempt: Attempt | None = None
) -> None:
    """Keep the attempt and what was decided, both or neither.

    When the lease ended meanwhile, the attempt is kept, but somebody else decides.
    """
    with writing(engine) as connection:
        if attempt is not None:
            row = asdict(attempt)
            key = {"message_id": one.message_id, "endpoint_url": one.endpoint_url}
            insert_once(connection, attempts, {**key, **row})
        _update(connection, one, tries=one.tries, values=asdict(decision))


def _update(
    connection: Connection, one: Delivery, *, tries: int, values: Mapping[str, object]
) -> None:
    statement = update(deliveries).where(
        deliveries.c.message_id == one.message_id,
        deliveries.c.endpoint_url == one.endpoint_url,
        deliveries.c.status == "pending",
        deliveries.c.tries == tries,
    )
    connection.execute(statement.values(values))


def _iso(now: float) -> str:
    return datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds")
