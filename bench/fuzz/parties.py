"""Both parties as a fuzzer wants them: everything is on, somebody is registered."""

import base64
import json
import secrets
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import ExitStack
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from typing import get_args

from flask import Flask

from oauthapp.app import create_app
from oauthapp.clock import MovableClock
from oauthapp.database import open_database
from oauthapp.openapi.document import Party
from oauthapp.provider_app import create_provider
from oauthapp.recorder.store import Recorder
from oauthapp.schema.recorder import recorder_tables
from oauthapp.settings import UNLIMITED_RATES
from oauthapp.settings import AppLimits
from oauthapp.settings import AppSettings
from oauthapp.settings import Client
from oauthapp.settings import Endpoint
from oauthapp.settings import LoginProvider
from oauthapp.settings import Payments
from oauthapp.settings import ProviderSettings
from oauthapp.settings import User
from oauthapp.settings import WebhookSource
from oauthapp.settings.client import GrantType
from oauthapp.testing.listening import bound
from oauthapp.testing.listening import listening

_KEY = "a-key-of-thirty-two-bytes-or-more"
CLIENT, SECRET = "demo", "the-client-secret"
SIGNING_SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()


@dataclass(frozen=True, kw_only=True)
class Parties:
    """The WSGI application of each party, and what opens its doors."""

    wsgi: Mapping[Party, Flask]
    url: Mapping[Party, str]
    #: An access token of a user, a good one.
    token: str

    @property
    def basic(self) -> str:
        """The Authorization header of the registered client."""
        pair = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        return f"Basic {pair}"


@contextmanager
def both_parties() -> Iterator[Parties]:
    """Both, without a CSRF check that no generated form would pass."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="oauthapp-fuzz-")))
        app_server, provider_server = bound("localhost"), bound("127.0.0.1")
        url: dict[Party, str] = {
            "app": f"http://localhost:{app_server.server_port}",
            "provider": f"http://127.0.0.1:{provider_server.server_port}",
        }
        clock = MovableClock()
        recorded = open_database(
            f"sqlite:///{folder}/recorder.sqlite", recorder_tables, durable=False
        )
        stack.callback(recorded.dispose)
        recorder = Recorder(recorded, _KEY, clock)
        wsgi: dict[Party, Flask] = {
            "app": create_app(_app(url, folder), recorder, clock=clock),
            "provider": create_provider(
                _provider(url, folder), recorder, clock=clock, durable=False
            ),
        }
        for party in wsgi.values():
            services = party.extensions["oauthapp"]
            stack.callback(services.database.dispose)
            stack.callback(services.http.close)
            party.config["WTF_CSRF_ENABLED"] = False
        stack.enter_context(listening(app_server, wsgi["app"]))
        stack.enter_context(listening(provider_server, wsgi["provider"]))
        yield Parties(wsgi=wsgi, url=url, token=_token(wsgi["provider"]))


def _app(url: Mapping[Party, str], folder: Path) -> AppSettings:
    login: dict[str, Any] = {
        "issuer": url["provider"],
        "client_id": CLIENT,
        "client_secret": SECRET,
    }
    return AppSettings(
        base_url=url["app"],
        secret_key=_KEY,
        database_url=f"sqlite:///{folder}/app.sqlite",
        control=True,
        limits=AppLimits(logins=""),
        providers={
            "demo": LoginProvider(**login, callback_secrets=[SIGNING_SECRET]),
            "form_post": LoginProvider(**login, response_mode="form_post"),
        },
        webhooks={
            "demo": WebhookSource(secrets=[SIGNING_SECRET], provider="demo"),
            "stripe": WebhookSource(secrets=["whsec_" + "x" * 32], scheme="stripe"),
            "github": WebhookSource(secrets=["x" * 32], scheme="github"),
            "slack": WebhookSource(secrets=["x" * 32], scheme="slack"),
        },
        payments=Payments(
            provider="demo",
            checkout_endpoint=f"{url['provider']}/checkout/sessions",
            webhooks="demo",
        ),
    )


def _provider(url: Mapping[Party, str], folder: Path) -> ProviderSettings:
    app = url["app"]
    return ProviderSettings(
        issuer=url["provider"],
        secret_key=_KEY,
        database_url=f"sqlite:///{folder}/provider.sqlite",
        signing_alg="ES256",
        registration="open",
        limits=UNLIMITED_RATES,
        deliver_to_loopback=True,
        control=True,
        repositories=["demo"],
        users=[User(sub="alice", password="wonderland", claims={"name": "Alice"})],
        clients=[
            Client(
                client_id=CLIENT,
                client_secret=SECRET,
                grant_types=list(get_args(GrantType)),
                scope="openid profile email offline_access api",
                redirect_uris=[f"{app}/callback/demo", f"{app}/callback/form_post"],
                post_logout_redirect_uris=[f"{app}/signed-out/demo"],
                backchannel_logout_uri=f"{app}/backchannel-logout/demo",
                checkout_return_uris=[f"{app}/orders/return"],
                callback_urls=[f"{app}/results/demo"],
                callback_secret=SIGNING_SECRET,
                repositories=["demo"],
            )
        ],
        endpoints=[Endpoint(url=f"{app}/webhooks/demo", secret=SIGNING_SECRET)],
    )


def _token(provider: Flask) -> str:
    order = {"client_id": CLIENT, "sub": "alice", "scope": "openid profile"}
    answer = provider.test_client().post(
        "/control/tokens",
        data=json.dumps(order),
        content_type="application/json",
        base_url=provider.extensions["oauthapp"].settings.issuer,
    )
    told = answer.get_json()
    return str(told.get("access_token", secrets.token_hex()))
