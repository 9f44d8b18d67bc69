"""An app with a shop, the provider it asks for money, and who settles what."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
from werkzeug.test import TestResponse
from werkzeug.wrappers import Request
from werkzeug.wrappers import Response

from oauthapp.callbacks.webhook.process import process
from oauthapp.callbacks.webhook.store import claim
from oauthapp.callbacks.webhook.store import keep
from oauthapp.settings import Payments
from oauthapp.settings import WebhookSource
from oauthapp.visitor import forms_in
from tests.attacks.evil_browser import EvilBrowser
from tests.attacks.evil_provider import EvilProvider
from tests.attacks.house import House

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
SESSIONS = "/checkout/sessions"
CHECKOUT = "cs_1"


@dataclass(frozen=True, kw_only=True)
class Shop:
    """The app, its provider, and a buyer in a browser."""

    house: House
    evil: EvilProvider
    buyer: EvilBrowser

    def order(self, browser: EvilBrowser | None = None) -> TestResponse:
        """Press the button: the answer, which leads to the provider."""
        at = browser or self.buyer
        page = at.open("/orders")
        (form,) = forms_in(page.text, "http://localhost:5000/orders")
        return at.open("/orders", method="POST", data=form.fields)

    @property
    def asked(self) -> dict[str, str]:
        """What the provider was asked for last."""
        return dict(self.evil.calls(SESSIONS)[-1].form)

    def come_back(self, browser: EvilBrowser | None = None) -> TestResponse:
        return (browser or self.buyer).open(f"/orders/return?checkout={CHECKOUT}")

    def status(self) -> str:
        """What the order's page says of it."""
        answer = self.buyer.open(f"/orders/{self.asked['order']}")
        status: str = answer.get_json()["status"]
        return status

    def tell(
        self,
        type: str = "payment.succeeded",
        *,
        id: str = "msg_1",
        source: str = "demo",
        **changes: Any,
    ) -> tuple[str, str]:
        """Let a believed message take effect: status and reason of that message."""
        news = {
            "order": self.asked["order"],
            "checkout": CHECKOUT,
            "amount": 1250,
            "currency": "EUR",
            **changes,
        }
        body = {"type": type, "timestamp": "2023-11-14T22:13:20Z", "data": news}
        engine, now = self.house.services.database, self.house.services.clock()
        message = Kept(id=id, timestamp=int(now), body=msgspec.json.encode(body))
        keep(engine, source=source, message=message, event_type=type, now=now)
        process(engine, claim(engine, now=now, limit=1), now=now)
        return self._state(source, id)

    def _state(self, source: str, id: str) -> tuple[str, str]:
        with self.house.services.database.connect() as connection:
            row = connection.exec_driver_sql(
                "SELECT status, reason FROM inbox WHERE source = ? AND message_id = ?",
                (source, id),
            ).one()
        return row.status, row.reason


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A message as `verify` would have believed it."""

    id: str
    timestamp: int
    body: bytes


def opens_checkout(_request: Request) -> Response:
    """What an honest provider answers."""
    told = {"checkout": CHECKOUT, "url": f"{_request.host_url}checkout/{CHECKOUT}"}
    return Response(msgspec.json.encode(told), 201, content_type="application/json")


@pytest.fixture
def shop(open_house: Callable[..., House], evil: EvilProvider) -> Shop:
    evil.answers[SESSIONS] = opens_checkout
    sources = {
        "demo": WebhookSource(secrets=[SECRET]),
        "other": WebhookSource(secrets=[SECRET]),
    }
    house = open_house(
        webhooks=sources,
        payments=Payments(
            provider="demo", checkout_endpoint=evil.issuer + SESSIONS, webhooks="demo"
        ),
    )
    return Shop(house=house, evil=evil, buyer=house.browser())
