"""Deliveries on their way: claimed for an attempt, settled with what came of it."""

from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update

from oauthapp.callers.sender import endpoint_store
from oauthapp.callers.sender.alerts import DELIVERY_FAILING
from oauthapp.callers.sender.event_store import publish
from oauthapp.callers.sender.retry import Attempt
from oauthapp.callers.sender.retry import Decision
from oauthapp.database import insert_once
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.schema.sender import attempts
from oauthapp.schema.sender import deliveries
from oauthapp.schema.sender import endpoints
from oauthapp.schema.sender import events

#: Seconds after which a delivery is taken again from a worker that says nothing:
#: longer than one attempt may last.
LEASE = 30.0

#: Built once: an idle worker looks for it again and again.
_ANY_DUE = (
    select(deliveries.c.message_id)
    .where(deliveries.c.status == "pending", deliveries.c.due_at <= bindparam("now"))
    .limit(1)
)


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
    #: Attempts before the last replay, after which the schedule began anew.
    replayed_at: int = 0
    #: Sign with this time instead of now: a replay exactly as it was.
    as_of: int | None = None


def claim(
    engine: Engine,
    *,
    now: float,
    limit: int,
    each: int = 1_000_000,
    busy: Mapping[str, int] | None = None,
    lease: float = LEASE,
) -> tuple[Delivery, ...]:
    """Up to `limit` due deliveries, each nobody else's until the lease ends.

    They are taken endpoint by endpoint, so that none of them holds up the others.

    :param each: how many an endpoint may have at the same time.
    :param busy: how many each has already, by its URL.
    """
    with reading(engine) as connection:  # an idle worker must not hold up writers
        if connection.execute(_ANY_DUE, {"now": now}).first() is None:
            return ()
    claimed: list[Delivery] = []
    with writing(engine) as connection:
        for url in tuple(_queues(connection, now=now)):
            free = each - (busy or {}).get(url, 0)
            most = min(limit - len(claimed), free)
            claimed += _claim_from(connection, url, now=now, most=most, lease=lease)
    return tuple(claimed)


def _queues(connection: Connection, *, now: float) -> Iterator[str]:
    """Endpoints that something waits for, those left out that asked for a rest."""
    url: str | None = ""
    while url is not None:
        following = select(func.min(deliveries.c.endpoint_url)).where(
            deliveries.c.status == "pending", deliveries.c.endpoint_url > url
        )
        url = connection.execute(following).scalar_one()
        resting = select(endpoints.c.url).where(
            endpoints.c.url == url, endpoints.c.paused_until > now
        )
        if url is not None and connection.execute(resting).first() is None:
            yield url


def _claim_from(
    connection: Connection, url: str, *, now: float, most: int, lease: float
) -> list[Delivery]:
    if most <= 0:
        return []
    due = (
        select(deliveries, events.c.type, events.c.body)
        .join(events, events.c.message_id == deliveries.c.message_id)
        .where(deliveries.c.status == "pending", deliveries.c.endpoint_url == url)
        .where(deliveries.c.due_at <= now)
        .order_by(deliveries.c.due_at)
        .limit(most)
        .with_for_update(skip_locked=True, of=deliveries)
    )
    claimed = [
        Delivery(
            message_id=row.message_id,
            event_type=row.type,
            endpoint_url=row.endpoint_url,
            body=row.body,
            tries=row.tries + 1,
            replayed_at=row.replayed_at,
            as_of=row.as_of,
        )
        for row in connection.execute(due)
    ]
    for one in claimed:
        values = {"tries": one.tries, "due_at": now + lease}
        _update(connection, one, tries=one.tries - 1, values=values)
    return claimed


def settle(
    engine: Engine,
    one: Delivery,
    decision: Decision,
    *,
    now: float,
    attempt: Attempt | None = None,
    alert: Mapping[str, object] | None = None,
) -> bool:
    """Keep the attempt and what was decided, both or neither: if it was ours to decide.

    When the lease ended meanwhile, the attempt is kept, but somebody else decides.

    :param alert: data of an event to go with it: somebody should look.
    """
    with writing(engine) as connection:
        if attempt is not None:
            _keep_attempt(connection, one, attempt)
        values: dict[str, object] = {
            "status": decision.status,
            "due_at": decision.due_at,
            "reason": decision.reason,
        }
        if decision.status != "pending":
            values["settled_at"] = now
        ours = _update(connection, one, tries=one.tries, values=values)
        if ours and decision.gone:
            endpoint_store.disable(connection, one.endpoint_url, reason="gone", now=now)
        if ours and decision.rest_until:
            until = decision.rest_until
            endpoint_store.rest(connection, one.endpoint_url, until=until)
        if ours and alert is not None:
            told = endpoint_store.wanting(connection, DELIVERY_FAILING)
            others = [url for url in told if url != one.endpoint_url]
            publish(
                connection,
                event_type=DELIVERY_FAILING,
                data=alert,
                now=now,
                to=others,
            )
    return ours


def _keep_attempt(connection: Connection, one: Delivery, made: Attempt) -> None:
    row = {
        "message_id": one.message_id,
        "endpoint_url": one.endpoint_url,
        "number": made.number,
        "at": made.at,
        "ms": made.ms,
        "status": made.status,
        "reason": made.reason,
        "timestamp": made.timestamp,
        "answer": made.answer,
    }
    insert_once(connection, attempts, row)


def _update(
    connection: Connection, one: Delivery, *, tries: int, values: Mapping[str, object]
) -> bool:
    statement = update(deliveries).where(
        deliveries.c.message_id == one.message_id,
        deliveries.c.endpoint_url == one.endpoint_url,
        deliveries.c.status == "pending",
        deliveries.c.tries == tries,
    )
    return connection.execute(statement.values(values)).rowcount == 1
