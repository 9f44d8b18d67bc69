"""Orders as their buyers see them. What settles one stands in the webhook's room."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from typing import Literal

from sqlalchemy import Connection
from sqlalchemy import RowMapping
from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from oauthapp.money import Money
from oauthapp.schema import secret_hash
from oauthapp.schema.app import order_news
from oauthapp.schema.app import orders

#: Seconds after which an order that nobody paid is forgotten: longer than any sender
#: goes on repeating.
REMEMBERED = 30 * 86400
#: Orders that the shop shows.
SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Order:
    """What somebody wants to buy, and whether it is paid."""

    order_id: str
    article: str
    money: Money
    #: Whose webhooks may settle it.
    source: str
    created_at: float
    status: Literal["open", "paid", "canceled"] = "open"
    #: None until the provider has opened a checkout.
    checkout_id: str | None = None
    checkout_url: str | None = None
    #: The message that settled it, and when that took effect. Only where coming back
    #: is believed is there none.
    settled_by: str | None = None
    settled_at: float | None = None


@dataclass(frozen=True, kw_only=True)
class News:
    """What a message said about an order, and what that did."""

    source: str
    message_id: str
    event_type: str
    #: settled, nothing, or the reason code with which it was refused
    effect: str
    at: float


def keep(connection: Connection, order: Order, *, buyer: str) -> None:
    """Keep an order for this buyer, and forget those that nobody ever paid."""
    old = (orders.c.created_at < order.created_at - REMEMBERED) & (
        orders.c.status != "paid"
    )
    forgotten = select(orders.c.order_id).where(old)
    connection.execute(delete(order_news).where(order_news.c.order_id.in_(forgotten)))
    connection.execute(delete(orders).where(old))
    row = {name: value for name, value in vars(order).items() if name != "money"}
    money = {"amount": order.money.amount, "currency": order.money.currency}
    row.update(money, buyer_hash=secret_hash(buyer))
    connection.execute(insert(orders), row)


def note_checkout(
    connection: Connection, order_id: str, *, checkout_id: str, url: str
) -> None:
    """Remember where the order is paid."""
    ours = update(orders).where(orders.c.order_id == order_id)
    connection.execute(ours.values(checkout_id=checkout_id, checkout_url=url))


def find(connection: Connection, order_id: str, *, buyer: str) -> Order | None:
    """The order, if this buyer made it."""
    return _one(connection, orders.c.order_id == order_id, buyer)


def believe_buyer(connection: Connection, order_id: str, *, now: float) -> None:
    """Call an open order paid, though no message says so."""
    ours = update(orders).where(
        orders.c.order_id == order_id, orders.c.status == "open"
    )
    connection.execute(ours.values(status="paid", settled_at=now))


def find_by_checkout(
    connection: Connection, checkout_id: str, *, buyer: str
) -> Order | None:
    """The order that is paid by this checkout, if this buyer made it."""
    return _one(connection, orders.c.checkout_id == checkout_id, buyer)


def made_by(connection: Connection, buyer: str) -> tuple[Order, ...]:
    """The latest orders of this buyer."""
    wanted = (
        select(orders)
        .where(orders.c.buyer_hash == secret_hash(buyer))
        .order_by(orders.c.created_at.desc())
        .limit(SHOWN)
    )
    return tuple(_order(row) for row in connection.execute(wanted).mappings())


def news_of(connection: Connection, order_id: str) -> Sequence[News]:
    """What messages have said about an order, as they took effect."""
    wanted = (
        select(order_news)
        .where(order_news.c.order_id == order_id)
        .order_by(order_news.c.at, order_news.c.message_id)
        .limit(SHOWN)
    )
    rows = connection.execute(wanted).mappings()
    return [
        News(**{name: row[name] for name in row if name != "order_id"}) for row in rows
    ]


def _one(connection: Connection, which: Any, buyer: str) -> Order | None:
    wanted = select(orders).where(which, orders.c.buyer_hash == secret_hash(buyer))
    row = connection.execute(wanted).mappings().first()
    return _order(row) if row else None


def _order(row: RowMapping) -> Order:
    kept = dict(row)
    del kept["buyer_hash"]
    money = Money(amount=kept.pop("amount"), currency=kept.pop("currency"))
    return Order(money=money, **kept)
