"""Each check of a payment's news alone: what it lets pass, and what it does not."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from oauthapp.callbacks.webhook import refusals
from oauthapp.callbacks.webhook import settle
from oauthapp.callbacks.webhook.refusals import MessageRefused
from oauthapp.callbacks.webhook.settle import OrderOnFile
from oauthapp.callbacks.webhook.settle import PaymentNews
from oauthapp.callbacks.webhook.settle import Told
from oauthapp.callbacks.webhook.settle import read_news
from oauthapp.callbacks.webhook.settle import why_not
from oauthapp.money import Money

NEWS = PaymentNews(order="ord_1", checkout="cs_1", amount=1250, currency="EUR")
ORDER = OrderOnFile(
    source="demo", checkout_id="cs_1", money=Money(amount=1250, currency="EUR")
)
GOOD = Told(news=NEWS, source="demo", order=ORDER)


def said(**changes: Any) -> Told:
    return replace(GOOD, news=msgspec.structs.replace(NEWS, **changes))


#: By check: what it alone refuses.
SPOILT: dict[str, list[tuple[Told, type[MessageRefused]]]] = {
    "order_is_ours": [(replace(GOOD, order=None), refusals.NewsOfNoOrder)],
    "source_may_settle_it": [(replace(GOOD, source="github"), refusals.SourceMismatch)],
    "checkout_is_the_orders": [
        (said(checkout="cs_2"), refusals.CheckoutMismatch),
        (said(checkout="CS_1"), refusals.CheckoutMismatch),
        (
            replace(GOOD, order=replace(ORDER, checkout_id=None)),
            refusals.CheckoutMismatch,
        ),
    ],
    "amount_is_what_we_asked": [
        (said(amount=1249), refusals.AmountMismatch),
        (said(amount=1251), refusals.AmountMismatch),
        (said(amount=0), refusals.AmountMismatch),
        (said(amount=-1250), refusals.AmountMismatch),
        (said(amount=10**30), refusals.AmountMismatch),
        (said(currency="JPY"), refusals.AmountMismatch),
        (said(currency="eur"), refusals.AmountMismatch),
    ],
}
CASES = [
    pytest.param(check, told, refusal, id=f"{check}-{number}")
    for check, cases in SPOILT.items()
    for number, (told, refusal) in enumerate(cases)
]


def test_what_we_asked_for_settles_the_order() -> None:
    assert why_not(GOOD) is None


@pytest.mark.parametrize(("check", "told", "refusal"), CASES)
def test_anything_else_does_not(
    check: str, told: Told, refusal: type[MessageRefused]
) -> None:
    assert why_not(told) is refusal


@pytest.mark.parametrize(("check", "told", "refusal"), CASES)
def test_each_check_is_needed(
    check: str,
    told: Told,
    refusal: type[MessageRefused],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rest = tuple(row for row in settle.CHECKS if row[0].__name__ != check)
    assert len(rest) == len(settle.CHECKS) - 1
    monkeypatch.setattr(settle, "CHECKS", rest)

    # Without an order to compare with, the other checks hold nothing for good.
    assert why_not(told) is (refusals.SourceMismatch if told.order is None else None)


def body(data: object) -> bytes:
    return msgspec.json.encode(
        {"type": "payment.succeeded", "timestamp": "2023-11-14T22:13:20Z", "data": data}
    )


def test_more_members_are_welcome() -> None:
    assert read_news(body({**msgspec.to_builtins(NEWS), "fee": 1})) == NEWS


@pytest.mark.parametrize(
    "changes",
    [
        {"order": ""},
        {"order": "a\x00"},
        {"order": "x" * 256},
        {"order": 1},
        {"order": None},
        {"checkout": ""},
        {"checkout": None},
        {"amount": "1250"},
        {"amount": 1250.5},
        {"amount": 1250.0},
        {"amount": True},
        {"amount": None},
        {"currency": 978},
        {"currency": None},
    ],
    ids=str,
)
def test_news_of_another_shape_are_none(changes: dict[str, object]) -> None:
    with pytest.raises(refusals.DataUnusable):
        read_news(body({**msgspec.to_builtins(NEWS), **changes}))


@pytest.mark.parametrize("name", ["order", "checkout", "amount", "currency"])
def test_news_that_lack_a_member_are_none(name: str) -> None:
    told = {key: text for key, text in msgspec.to_builtins(NEWS).items() if key != name}

    with pytest.raises(refusals.DataUnusable):
        read_news(body(told))
