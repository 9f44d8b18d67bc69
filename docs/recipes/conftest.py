"""The shop, as a client of the provider and with an address of its own."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from shop import create_shop

from oauthapp.testing.provider import OAuthProvider
from oauthapp.testing.sender import WebhookSender


@pytest.fixture
def shop(
    oauth_provider: OAuthProvider,
    webhook_sender: WebhookSender,
    serve_app: Callable[[Any], str],
) -> Flask:
    app = create_shop(oauth_provider.discovery_url)
    origin = serve_app(app)
    app.config.update(SHOP_ORIGIN=origin, WEBHOOK_SECRET=webhook_sender.secret)
    oauth_provider.client(
        f"{origin}/callback",
        client_id=app.config["LOGIN_CLIENT_ID"],
        client_secret=app.config["LOGIN_CLIENT_SECRET"],
    )
    return app


@pytest.fixture
def origin(shop: Flask) -> str:
    return str(shop.config["SHOP_ORIGIN"])
