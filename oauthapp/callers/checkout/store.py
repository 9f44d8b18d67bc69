"""Checkouts: each opened once for a key, and ended once, whoever clicks how often."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection
from sqlalchemy import Row
from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy import update

from oauthapp.callers.checkout.asked import Asked
from oauthapp.database import insert_once
from oauthapp.money import Money
from oauthapp.schema.provider import checkouts

Status = Literal["open", "paid", "canceled"]

#: Seconds for which an ended checkout, and with it its key, is remembered.
REMEMBERED = 7 * 86400


@dataclass(frozen=True, kw_only=True)
class Checkout:
    """Something to pay, and whether somebody has."""

    checkout_id: str
    asked: Asked
    status: Status
    expires_at: float


def keep(
    connection: Connection,
    checkout_id: str,
    asked: Asked,
    *,
    key: str,
    expires_at: float,
    now: float,
) -> bool:
    """Open a checkout unless this client's `key` has opened one: whether it was new.

    The insert decides, so of two that ask at once one is told no.
    """
    row = {
        "checkout_id": checkout_id,
        "client_id": asked.client_id,
        "idempotency_key": key,
        "order_ref": asked.order,
        "description": asked.description,
        "amount": asked.money.amount,
        "currency": asked.money.currency,
        "return_url": asked.return_url,
        "status": "open",
        "created_at": now,
        "expires_at": expires_at,
    }
    return insert_once(connection, checkouts, row)


def find(connection: Connection, checkout_id: str) -> Checkout | None:
    """The checkout of this id."""
    wanted = select(checkouts).where(checkouts.c.checkout_id == checkout_id)
    row = connection.execute(wanted).one_or_none()
    return _checkout(row) if row else None


def find_by_key(connection: Connection, *, client_id: str, key: str) -> Checkout | None:
    """The checkout that this client has opened with `key`."""
    wanted = select(checkouts).where(
        checkouts.c.client_id == client_id, checkouts.c.idempotency_key == key
    )
    row = connection.execute(wanted).one_or_none()
    return _checkout(row) if row else None


def end(
    connection: Connection, checkout_id: str, *, status: Status, now: float
) -> bool:
    """Let an open checkout end so: whether it was us who ended it."""
    ours = update(checkouts).where(
        checkouts.c.checkout_id == checkout_id,
        checkouts.c.status == "open",
        checkouts.c.expires_at > now,
    )
    return connection.execute(ours.values(status=status)).rowcount == 1


def forget_old(connection: Connection, *, now: float) -> None:
    """Remove those that nobody will ask for again."""
    old = checkouts.c.expires_at <= now - REMEMBERED
    connection.execute(delete(checkouts).where(old))


def _checkout(row: Row[tuple[object, ...]]) -> Checkout:
    return Checkout(
        checkout_id=row.checkout_id,
        asked=Asked(
            client_id=row.client_id,
            order=row.order_ref,
            description=row.description,
            money=Money(amount=row.amount, currency=row.currency),
            return_url=row.return_url,
        ),
        status=row.status,
        expires_at=row.expires_at,
    )
