"""Endpoints: where webhooks go, what they want, and how they are."""

from collections.abc import Sequence
from dataclasses import asdict
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection
from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy import update

from oauthapp.database import insert_once
from oauthapp.schema.sender import deliveries
from oauthapp.schema.sender import endpoints

#: Built once: each event asks for them.
_LISTED = select(endpoints).order_by(endpoints.c.created_at, endpoints.c.url)


@dataclass(frozen=True, kw_only=True)
class KeptEndpoint:
    """A row: an endpoint with its secrets sealed."""

    url: str
    secret_jwe: str
    #: Signs too until `previous_until`, in unix seconds.
    previous_jwe: str | None = None
    previous_until: float | None = None
    #: Event types it wants.
    events: Sequence[str]
    origin: Literal["settings", "command"]
    #: Why nothing is sent any more, "" while something is.
    disabled: str = ""
    paused_until: float = 0.0
    created_at: float


def add(connection: Connection, kept: KeptEndpoint) -> bool:
    """Keep an endpoint: whether its URL was new."""
    return insert_once(connection, endpoints, asdict(kept))


def find(connection: Connection, url: str) -> KeptEndpoint | None:
    """The endpoint at `url`."""
    wanted = select(endpoints).where(endpoints.c.url == url)
    row = connection.execute(wanted).mappings().one_or_none()
    return None if row is None else KeptEndpoint(**row)


def listed(connection: Connection) -> tuple[KeptEndpoint, ...]:
    """All of them, the oldest first."""
    rows = connection.execute(_LISTED).mappings()
    return tuple(KeptEndpoint(**row) for row in rows)


def wanting(connection: Connection, event_type: str) -> list[str]:
    """The URLs of those that want this type and are not disabled."""
    return [
        one.url
        for one in listed(connection)
        if event_type in one.events and not one.disabled
    ]


def change_events(connection: Connection, url: str, events: Sequence[str]) -> None:
    """Let an endpoint want other types."""
    _update(connection, url, events=list(events))


def change_secret(
    connection: Connection, before: KeptEndpoint, secret_jwe: str, *, until: float
) -> None:
    """Sign with a new secret; with the one before too, until then."""
    _update(
        connection,
        before.url,
        secret_jwe=secret_jwe,
        previous_jwe=before.secret_jwe,
        previous_until=until,
    )


def rest(connection: Connection, url: str, *, until: float) -> None:
    """Send it nothing before `until`."""
    longer = endpoints.c.paused_until < until
    same = endpoints.c.url == url
    connection.execute(update(endpoints).where(same, longer).values(paused_until=until))


def disable(connection: Connection, url: str, *, reason: str, now: float) -> None:
    """Send it nothing more; what was on its way there is dead."""
    _update(connection, url, disabled=reason)
    on_their_way = update(deliveries).where(
        deliveries.c.endpoint_url == url, deliveries.c.status == "pending"
    )
    values = {"status": "dead", "reason": f"endpoint_{reason}", "settled_at": now}
    connection.execute(on_their_way.values(values))


def enable(connection: Connection, url: str) -> None:
    """Send again what happens from now on; the dead can be replayed."""
    _update(connection, url, disabled="", paused_until=0.0)


def remove(connection: Connection, url: str) -> None:
    """Forget an endpoint; its deliveries stay, to be looked at."""
    connection.execute(delete(endpoints).where(endpoints.c.url == url))


def _update(connection: Connection, url: str, **values: object) -> None:
    same = endpoints.c.url == url
    connection.execute(update(endpoints).where(same).values(**values))
