"""Orders as messages settle them: each once, in whatever order the messages come."""

from sqlalchemy import Connection
from sqlalchemy import select
from sqlalchemy import update

from oauthapp.callbacks.webhook.settle import OrderOnFile
from oauthapp.callbacks.webhook.settle import Settled
from oauthapp.callbacks.webhook.store import Claimed
from oauthapp.database import insert_once
from oauthapp.money import Money
from oauthapp.schema.app import order_news
from oauthapp.schema.app import orders


def find(connection: Connection, order_id: str) -> OrderOnFile | None:
    """What we asked for under this id."""
    wanted = select(
        orders.c.source, orders.c.checkout_id, orders.c.amount, orders.c.currency
    ).where(orders.c.order_id == order_id)
    row = connection.execute(wanted).one_or_none()
    if row is None:
        return None
    money = Money(amount=row.amount, currency=row.currency)
    return OrderOnFile(source=row.source, checkout_id=row.checkout_id, money=money)


def settle(
    connection: Connection, order_id: str, one: Claimed, *, status: Settled, now: float
) -> bool:
    """Settle the order by this message: whether that changed it.

    Paid stays paid; canceled yields to paid, since then the money is there. So it
    does not matter which message comes first.
    """
    yields = ("open", "canceled") if status == "paid" else ("open",)
    statement = update(orders).where(
        orders.c.order_id == order_id, orders.c.status.in_(yields)
    )
    values = {"status": status, "settled_by": one.message_id, "settled_at": now}
    return connection.execute(statement.values(values)).rowcount == 1


def keep_news(
    connection: Connection, order_id: str, one: Claimed, *, effect: str, now: float
) -> None:
    """Keep what a message said about an order, and what that did."""
    row = {
        "source": one.source,
        "message_id": one.message_id,
        "order_id": order_id,
        "event_type": one.event_type,
        "effect": effect,
        "at": now,
    }
    insert_once(connection, order_news, row)
