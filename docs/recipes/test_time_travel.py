"""What is to expire need not be waited for."""

from flask import Flask

from oauthapp.clock import MovableClock
from oauthapp.testing.provider import OAuthProvider
from oauthapp.testing.receiver import WebhookReceiver
from oauthapp.testing.sender import WebhookSender


def test_a_session_at_the_provider_ends(
    shop: Flask, oauth_provider: OAuthProvider, callback_clock: MovableClock
) -> None:
    login = f"{shop.config['SHOP_ORIGIN']}/login"
    browser = shop.test_client()
    for _ in range(2):
        oauth_provider.sign_in(browser, login)
    assert len(oauth_provider.requests.to("/login", method="POST")) == 1

    callback_clock.advance(8 * 3600 + 1)
    oauth_provider.sign_in(browser, login)

    assert len(oauth_provider.requests.to("/login", method="POST")) == 2


def test_a_webhook_is_repeated_for_three_days(
    webhook_sender: WebhookSender,
    webhook_receiver: WebhookReceiver,
    callback_clock: MovableClock,
) -> None:
    webhook_receiver.answers(*[503] * 9)
    began = callback_clock()

    sent = webhook_sender.send("order.paid", to=webhook_receiver.url)

    assert sent.status == "delivered"
    assert len(sent.attempts) == 10
    assert callback_clock() - began > 2 * 24 * 3600
