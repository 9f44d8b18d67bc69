"""An endpoint for Standard Webhooks: repetitions, lost answers, stale messages."""

from flask import Flask

from oauthapp.testing.sender import WebhookSender

ORDER = {"order": 7}
ANOTHER_SECRET = "whsec_c29tZWJvZHkgd2hvIG9ubHkgZ3Vlc3Nlcw=="


def test_an_order_is_paid_once(
    shop: Flask, webhook_sender: WebhookSender, origin: str
) -> None:
    sent = webhook_sender.send(
        "order.paid", ORDER, to=f"{origin}/webhooks", fail_first=1, duplicate=True
    )

    assert sent.status == "delivered"
    assert shop.config["PAID"] == {7}


def test_a_stale_message_is_refused_and_its_repetition_accepted(
    shop: Flask, webhook_sender: WebhookSender, origin: str
) -> None:
    sent = webhook_sender.send("order.paid", ORDER, to=f"{origin}/webhooks", stale=True)

    assert [one.status for one in sent.attempts] == [400, 204]


def test_a_forged_message_pays_nothing(
    shop: Flask, webhook_sender: WebhookSender, origin: str
) -> None:
    webhook_sender.send(
        "order.paid", ORDER, to=f"{origin}/webhooks", secret=ANOTHER_SECRET
    )

    assert shop.config["PAID"] == set()
