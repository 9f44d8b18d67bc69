"""Both ends of webhooks in somebody else's tests."""

import pytest
import requests
from standardwebhooks import Webhook

from oauthapp.clock import MovableClock
from oauthapp.settings.app import WebhookScheme
from oauthapp.testing.capture import Capture
from oauthapp.testing.receiver import WebhookReceiver
from oauthapp.testing.sender import WebhookSender


@pytest.fixture
def url(webhook_receiver: WebhookReceiver, webhook_sender: WebhookSender) -> str:
    """The endpoint under test: ours, which knows what the sender signs with."""
    webhook_receiver.secret = webhook_sender.secret
    return webhook_receiver.url


def test_a_message_is_delivered_signed(
    webhook_sender: WebhookSender, webhook_receiver: WebhookReceiver, url: str
) -> None:
    sent = webhook_sender.send("order.paid", {"id": 7}, to=url)

    (came,) = webhook_receiver.received
    assert (sent.status, came.verdict.accepted) == ("delivered", True)
    assert came.verdict.message_id == sent.message_id
    assert (came.json["type"], came.json["data"]) == ("order.paid", {"id": 7})


def test_an_endpoint_that_fails_is_tried_again_and_no_time_passes(
    webhook_sender: WebhookSender, webhook_receiver: WebhookReceiver, url: str
) -> None:
    webhook_receiver.answers(500, 503, 429)

    sent = webhook_sender.send("order.paid", to=url)

    assert [one.status for one in sent.attempts] == [500, 503, 429, 204]
    assert len(webhook_receiver.messages) == 1
    assert sent.attempts[2].at - sent.attempts[1].at >= 240  # five minutes, ±20 %


def test_one_that_always_fails_is_given_up(
    webhook_sender: WebhookSender, webhook_receiver: WebhookReceiver, url: str
) -> None:
    webhook_receiver.answers(*[500] * 10)

    sent = webhook_sender.send("order.paid", to=url)

    assert (sent.status, len(sent.attempts)) == ("dead", 10)
    assert len(webhook_sender.attempts) == 10


def test_a_lost_answer_brings_the_same_message_again(
    webhook_sender: WebhookSender, webhook_receiver: WebhookReceiver, url: str
) -> None:
    sent = webhook_sender.send("order.paid", to=url, fail_first=2)

    assert [one.reason for one in sent.attempts] == ["answer_lost", "answer_lost", ""]
    assert len(webhook_receiver.received) == 3
    assert list(webhook_receiver.messages) == [sent.message_id]


def test_a_duplicate_comes_twice(
    webhook_sender: WebhookSender, webhook_receiver: WebhookReceiver, url: str
) -> None:
    webhook_sender.send("order.paid", to=url, duplicate=True)

    assert len(webhook_receiver.received) == 2
    assert len(webhook_receiver.messages) == 1


def test_a_stale_message_is_recognised_by_its_time(
    webhook_sender: WebhookSender, webhook_receiver: WebhookReceiver, url: str
) -> None:
    webhook_receiver.answers(401)

    webhook_sender.send("order.paid", to=url, stale=True)

    refused, accepted = webhook_receiver.received
    assert refused.verdict.reason == "timestamp_too_old"
    assert accepted.verdict.accepted


def test_any_other_fault_of_a_sender(
    webhook_sender: WebhookSender, webhook_receiver: WebhookReceiver, url: str
) -> None:
    webhook_sender.send("order.paid", to=url, fault="webhook_signature_wrong")

    assert webhook_receiver.received[0].verdict.reason == "signature_mismatch"
    for name in ("nothing", "id_token_alg_none"):
        with pytest.raises(ValueError, match=f"'{name}' is no fault"):
            webhook_sender.send("order.paid", to=url, fault=name)


@pytest.mark.parametrize("scheme", ["standard", "stripe", "github", "slack"])
def test_a_payload_is_posted_as_its_owner_would_sign_it(
    scheme: WebhookScheme,
    webhook_sender: WebhookSender,
    webhook_receiver: WebhookReceiver,
    url: str,
) -> None:
    webhook_receiver.scheme = scheme
    event = {"id": "evt_1", "event_id": "evt_1", "type": "a", "data": {}}
    event["timestamp"] = "2026-01-01T00:00:00Z"

    answer = webhook_sender.post(
        event, to=url, scheme=scheme, headers={"X-GitHub-Event": "push"}
    )

    assert answer.status_code == 204
    (came,) = webhook_receiver.received
    assert (came.verdict.accepted, came.json) == (True, event)
    assert came.headers["X-Github-Event"] == "push"


def test_a_payload_of_bytes_is_posted_as_it_is_and_late_if_wanted(
    webhook_sender: WebhookSender, webhook_receiver: WebhookReceiver, url: str
) -> None:
    webhook_receiver.scheme = "slack"
    body = b' {"event_id": "Ev1", "type": "a"} '

    webhook_sender.post(body, to=url, scheme="slack", stale=True)

    (came,) = webhook_receiver.received
    assert (came.body, came.verdict.reason) == (body, "timestamp_too_old")


def test_what_is_posted_is_heard_as_a_webhook(
    webhook_sender: WebhookSender, url: str, capture: Capture
) -> None:
    webhook_sender.post({"id": "evt_1"}, to=url, scheme="stripe")

    capture.assert_order("webhook")
    assert webhook_sender.secret not in str(capture.calls)


def test_a_sender_that_is_not_ours_is_judged(
    webhook_receiver: WebhookReceiver, callback_clock: MovableClock
) -> None:
    body = '{"type": "a", "timestamp": "2026-01-01T00:00:00Z", "data": {}}'
    theirs = Webhook(webhook_receiver.secret)
    from datetime import UTC
    from datetime import datetime

    at = datetime.fromtimestamp(callback_clock(), UTC)
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": theirs.sign("msg_1", at, body),
    }
    for _ in range(2):
        requests.post(webhook_receiver.url, data=body, headers=headers, timeout=5)

    webhook_receiver.wait_for(2)
    assert list(webhook_receiver.messages) == ["msg_1"]


def test_waiting_in_vain_tells_what_came(webhook_receiver: WebhookReceiver) -> None:
    requests.post(webhook_receiver.url, data=b"{}", timeout=5)

    with pytest.raises(AssertionError, match=r"1 of 2 came:\n +POST refused header_m"):
        webhook_receiver.wait_for(2, seconds=0.01)
