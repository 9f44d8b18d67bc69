"""An endpoint for Stripe's webhooks, with Stripe's own library."""

from collections.abc import Callable
from typing import Any

import pytest
import stripe
from flask import Flask
from flask import request

from oauthapp.testing.sender import WebhookSender

EVENT = {
    "id": "evt_1",
    "object": "event",
    "type": "payment_intent.succeeded",
    "data": {"object": {"id": "pi_7", "object": "payment_intent"}},
}


@pytest.fixture
def paid() -> dict[str, str]:
    """Payments by the event that told of them."""
    return {}


@pytest.fixture
def url(
    paid: dict[str, str],
    webhook_sender: WebhookSender,
    serve_app: Callable[[Any], str],
) -> str:
    app = Flask(__name__)

    @app.post("/stripe")
    def receive() -> Any:
        signature = request.headers.get("Stripe-Signature", "")
        try:
            event = stripe.Webhook.construct_event(
                request.data, signature, webhook_sender.secret
            )
        except stripe.SignatureVerificationError:
            return "", 400
        paid[event.id] = event.data.object.id
        return ""

    return f"{serve_app(app)}/stripe"


def test_a_payment_that_is_told_twice_counts_once(
    webhook_sender: WebhookSender, url: str, paid: dict[str, str]
) -> None:
    for _ in range(2):
        assert webhook_sender.post(EVENT, to=url, scheme="stripe").status_code == 200

    assert paid == {"evt_1": "pi_7"}


def test_a_stale_event_is_refused(
    webhook_sender: WebhookSender, url: str, paid: dict[str, str]
) -> None:
    answer = webhook_sender.post(EVENT, to=url, scheme="stripe", stale=True)

    assert answer.status_code == 400
    assert paid == {}
