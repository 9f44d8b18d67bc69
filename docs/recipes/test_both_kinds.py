"""One login, both callbacks: the browser's, and the provider's server's."""

from flask import Flask

from oauthapp.testing.capture import Capture
from oauthapp.testing.provider import OAuthProvider


def test_the_browser_comes_before_the_webhook(
    shop: Flask, oauth_provider: OAuthProvider, capture: Capture, origin: str
) -> None:
    shop.wsgi_app = capture.watch(shop.wsgi_app)
    shop.config["WEBHOOK_SECRET"] = oauth_provider.endpoint(
        f"{origin}/webhooks", events=["session.created"]
    )

    oauth_provider.sign_in(shop.test_client(), f"{origin}/login")

    capture.assert_order("/authorize", "/callback", "/token", "webhook")
