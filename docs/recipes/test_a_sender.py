"""A webhook sender of your own, in front of an endpoint that answers as it is told."""

import json
from datetime import UTC
from datetime import datetime

import requests
from standardwebhooks import Webhook

from oauthapp.testing.receiver import WebhookReceiver


def notify(url: str, secret: str, *, order: int) -> None:
    """The sender under test: it tries three times."""
    now = datetime.now(UTC)
    body = json.dumps(
        {"type": "order.paid", "timestamp": now.isoformat(), "data": {"order": order}}
    )
    message_id = f"msg_{order}"
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, now, body),
    }
    for _ in range(3):
        if requests.post(url, data=body, headers=headers, timeout=5).ok:
            return


def test_it_signs_and_tries_again(webhook_receiver: WebhookReceiver) -> None:
    webhook_receiver.answers(500, 503)

    notify(webhook_receiver.url, webhook_receiver.secret, order=7)

    first, _, last = webhook_receiver.received
    assert [first.status, last.status] == [500, 204]
    assert list(webhook_receiver.messages) == ["msg_7"]
    assert last.json["data"] == {"order": 7}


def test_its_signature_is_judged(webhook_receiver: WebhookReceiver) -> None:
    notify(webhook_receiver.url, "whsec_c29tZWJvZHk=", order=7)

    assert webhook_receiver.received[0].verdict.reason == "signature_mismatch"
    assert not webhook_receiver.messages
