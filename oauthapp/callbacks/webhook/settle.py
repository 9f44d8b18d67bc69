"""Does this news settle that order? One check a row. Pure.

The message is believed already: it is the sender's own word. But a sender can be
wrong, or speak of another order, so each word is compared with what we have on file.
"""

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from typing import Literal

import msgspec

from oauthapp.callbacks.webhook.event import read_event
from oauthapp.callbacks.webhook.refusals import AmountMismatch
from oauthapp.callbacks.webhook.refusals import CheckoutMismatch
from oauthapp.callbacks.webhook.refusals import DataUnusable
from oauthapp.callbacks.webhook.refusals import MessageRefused
from oauthapp.callbacks.webhook.refusals import NewsOfNoOrder
from oauthapp.callbacks.webhook.refusals import SourceMismatch
from oauthapp.money import Money

Settled = Literal["paid", "canceled"]
#: What an order becomes by each type of event.
SETTLES: Mapping[str, Settled] = {
    "payment.succeeded": "paid",
    "payment.canceled": "canceled",
}

#: As no database refuses it.
_Text = Annotated[
    str, msgspec.Meta(min_length=1, max_length=255, pattern=r"\A[^\x00-\x1f\x7f]*\Z")
]


class PaymentNews(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider says of a payment. More members than these are welcome."""

    order: _Text
    checkout: _Text
    amount: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class OrderOnFile:
    """What we asked the provider to be paid."""

    source: str
    checkout_id: str | None
    money: Money


@dataclass(frozen=True, kw_only=True)
class Told:
    """What was said, by whom, and the order that it names."""

    news: PaymentNews
    source: str
    order: OrderOnFile | None


def read_news(body: bytes) -> PaymentNews:
    """The news in a kept message.

    :raises MessageRefused: when it is none.
    """
    try:
        return msgspec.convert(read_event(body).data, PaymentNews)
    except msgspec.ValidationError as error:
        raise DataUnusable(arrived=str(error)) from None


def why_not(told: Told) -> type[MessageRefused] | None:
    """The refusal of the first check that does not hold; None when the news counts."""
    return next((refusal for holds, refusal in CHECKS if not holds(told)), None)


def order_is_ours(told: Told) -> bool:
    return told.order is not None


def source_may_settle_it(told: Told) -> bool:
    return told.order is not None and told.source == told.order.source


def checkout_is_the_orders(told: Told) -> bool:
    return told.order is not None and told.news.checkout == told.order.checkout_id


def amount_is_what_we_asked(told: Told) -> bool:
    said = Money(amount=told.news.amount, currency=told.news.currency)
    return told.order is not None and said == told.order.money


#: Read from top to bottom.
CHECKS: tuple[tuple[Callable[[Told], bool], type[MessageRefused]], ...] = (
    (order_is_ours, NewsOfNoOrder),
    (source_may_settle_it, SourceMismatch),
    (checkout_is_the_orders, CheckoutMismatch),
    (amount_is_what_we_asked, AmountMismatch),
)
