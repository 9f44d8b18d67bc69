"""Deliveries to look at and to send again: the dead are kept until somebody does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection
from sqlalchemy import Select
from sqlalchemy import select
from sqlalchemy import update

from oauthapp.schema.sender import attempts
from oauthapp.schema.sender import deliveries
from oauthapp.schema.sender import events


@dataclass(frozen=True, kw_only=True)
class Summary:
    """A delivery in one line."""

    message_id: str
    endpoint_url: str
    event_type: str
    created_at: float
    status: Literal["pending", "delivered", "dead"]
    tries: int
    due_at: float
    reason: str


@dataclass(frozen=True, kw_only=True)
class Tried:
    """One attempt, as it is shown."""

    number: int
    at: float
    ms: float
    status: int | None
    reason: str
    timestamp: int
    answer: str


def listed(
    connection: Connection,
    *,
    status: str | None = None,
    endpoint_url: str | None = None,
    limit: int = 50,
) -> tuple[Summary, ...]:
    """The newest deliveries first, those that are asked for."""
    wanted = _summaries().order_by(events.c.created_at.desc(), events.c.message_id)
    if status is not None:
        wanted = wanted.where(deliveries.c.status == status)
    if endpoint_url is not None:
        wanted = wanted.where(deliveries.c.endpoint_url == endpoint_url)
    rows = connection.execute(wanted.limit(limit)).mappings()
    return tuple(Summary(**row) for row in rows)


def of_message(connection: Connection, message_id: str) -> tuple[Summary, ...]:
    """An event's deliveries, one for each endpoint."""
    wanted = _summaries().where(deliveries.c.message_id == message_id)
    rows = connection.execute(wanted.order_by(deliveries.c.endpoint_url)).mappings()
    return tuple(Summary(**row) for row in rows)


def dead_since(connection: Connection, since: float) -> tuple[Summary, ...]:
    """What was given up since then (unix seconds), the oldest first."""
    wanted = _summaries().where(
        deliveries.c.status == "dead", deliveries.c.settled_at >= since
    )
    rows = connection.execute(wanted.order_by(deliveries.c.settled_at)).mappings()
    return tuple(Summary(**row) for row in rows)


def body_of(connection: Connection, message_id: str) -> bytes | None:
    """The bytes that are sent, None for an unknown message."""
    wanted = select(events.c.body).where(events.c.message_id == message_id)
    return connection.execute(wanted).scalar_one_or_none()


def attempts_at(connection: Connection, one: Summary) -> tuple[Tried, ...]:
    """Each attempt of a delivery, the first one first."""
    wanted = (
        select(
            attempts.c.number,
            attempts.c.at,
            attempts.c.ms,
            attempts.c.status,
            attempts.c.reason,
            attempts.c.timestamp,
            attempts.c.answer,
        )
        .where(attempts.c.message_id == one.message_id)
        .where(attempts.c.endpoint_url == one.endpoint_url)
        .order_by(attempts.c.number)
    )
    return tuple(Tried(**row) for row in connection.execute(wanted).mappings())


def replay(
    connection: Connection,
    chosen: Sequence[Summary],
    *,
    now: float,
    as_it_was: bool = False,
) -> int:
    """Send these again, with the whole schedule before them: how many that is.

    Those that are still on their way are left alone.

    :param as_it_was: with time and signature of the last attempt, to see what the
        receiver makes of a replay; otherwise signed anew.
    """
    replayed = 0
    for one in chosen:
        tried = attempts_at(connection, one)
        as_of = tried[-1].timestamp if tried and as_it_was else None
        settled = update(deliveries).where(
            deliveries.c.message_id == one.message_id,
            deliveries.c.endpoint_url == one.endpoint_url,
            deliveries.c.status != "pending",
        )
        values = {
            "status": "pending",
            "replayed_at": deliveries.c.tries,
            "as_of": as_of,
            "due_at": now,
            "settled_at": None,
            "reason": "",
        }
        replayed += connection.execute(settled.values(values)).rowcount
    return replayed


def _summaries() -> Select[tuple[object, ...]]:
    return select(
        deliveries.c.message_id,
        deliveries.c.endpoint_url,
        events.c.type.label("event_type"),
        events.c.created_at,
        deliveries.c.status,
        deliveries.c.tries,
        deliveries.c.due_at,
        deliveries.c.reason,
    ).join(events, events.c.message_id == deliveries.c.message_id)
