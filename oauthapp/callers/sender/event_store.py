"""The outbox: an event is kept with what it tells of, and a delivery per endpoint."""

import secrets
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime

import msgspec
from sqlalchemy import Connection
from sqlalchemy import insert

from oauthapp.callers.sender import endpoint_store
from oauthapp.database import insert_once
from oauthapp.schema.sender import deliveries
from oauthapp.schema.sender import events


def publish(
    connection: Connection,
    *,
    event_type: str,
    data: Mapping[str, object],
    now: float,
    to: Sequence[str] | None = None,
) -> str:
    """Keep an event with a delivery for each endpoint that wants it: its message id.

    In the caller's transaction, so that what happened and the news of it are kept
    both or neither. The body's bytes are fixed here, for every attempt.

    :param to: these URLs instead of the endpoints that want this type.
    """
    message_id = f"msg_{secrets.token_urlsafe(16)}"
    body = {"type": event_type, "timestamp": _iso(now), "data": dict(data)}
    event = {
        "message_id": message_id,
        "type": event_type,
        "body": msgspec.json.encode(body),
        "created_at": now,
    }
    connection.execute(_KEEP, event)
    urls = endpoint_store.wanting(connection, event_type) if to is None else to
    for url in urls:
        delivery = {"message_id": message_id, "endpoint_url": url, "due_at": now}
        insert_once(connection, deliveries, {**delivery, **_NEW})
    return message_id


_KEEP = insert(events)
_NEW = {"status": "pending", "tries": 0, "replayed_at": 0, "reason": ""}


def _iso(now: float) -> str:
    return datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds")
