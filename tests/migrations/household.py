"""Both parties on databases that are given, at a time that stands still."""

import json
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from typing import Any
from typing import cast

from flask import Flask
from sqlalchemy import Engine
from standardwebhooks import Webhook

from oauthapp.app import create_app
from oauthapp.app import create_provider
from oauthapp.app_workers import app_worker
from oauthapp.app_workers import build_worker
from oauthapp.database import open_database
from oauthapp.provider_workers import provider_worker
from oauthapp.recorder.store import Recorder
from oauthapp.schema.recorder import recorder_tables
from oauthapp.services import AppServices
from oauthapp.services import ProviderServices
from oauthapp.settings import AppSettings
from oauthapp.settings import Client
from oauthapp.settings import Endpoint
from oauthapp.settings import LoginProvider
from oauthapp.settings import ProviderSettings
from oauthapp.settings import User
from oauthapp.settings import WebhookSource
from tests.migrations.network import Network
from tests.migrations.network import Person

APP = "http://localhost:5000"
PROVIDER = "http://127.0.0.1:5001"
#: When the first schema's data were written.
THEN = 1_790_000_000.0
_SIGNING_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
_CLIENT_SECRET = "a-client-secret-of-many-letters!"


@dataclass(frozen=True, kw_only=True)
class Household:
    """App, provider and recorder."""

    app: AppServices
    provider: ProviderServices
    recorded: Engine
    network: Network

    def person(self) -> Person:
        return Person(network=self.network)

    def deliver(self) -> int:
        """Let the provider send what is due: how many that were."""
        return provider_worker(self.provider).run_once()

    def process(self) -> int:
        """Let the app do what it was told: how many messages that were."""
        done = app_worker(self.app).run_once()
        build_worker(self.app).run_once()
        return done


@contextmanager
def living(urls: Mapping[str, str], *, now: float) -> Iterator[Household]:
    """They live until the block ends.

    :param urls: of the databases: app, provider and recorder.
    """

    def clock() -> float:
        return now

    recorded = open_database(urls["recorder"], recorder_tables, durable=False)
    recorder = Recorder(recorded, "key", clock)
    app = create_app(_app_settings(urls["app"]), recorder, clock=clock)
    provider = create_provider(
        _provider_settings(urls["provider"]), recorder, clock=clock
    )
    network = Network(parties={APP: app, PROVIDER: provider})
    household = Household(
        app=cast(AppServices, _connected(app, network)),
        provider=cast(ProviderServices, _connected(provider, network)),
        recorded=recorded,
        network=network,
    )
    try:
        yield household
    finally:
        for one in (household.app, household.provider):
            one.http.close()
            one.database.dispose()
        recorded.dispose()


def signed(message_id: str, *, now: int) -> dict[str, Any]:
    """A message that the app believes, as its sender posts it."""
    data = {"sid": message_id, "sub": "alice", "iss": PROVIDER}
    said = {"type": "session.created", "timestamp": "2026-01-01T00:00:00Z"}
    body = json.dumps({**said, "data": data})
    when = datetime.fromtimestamp(now, UTC)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(now),
        "webhook-signature": Webhook(_SIGNING_SECRET).sign(message_id, when, body),
    }
    return {"headers": headers, "data": body}


def _connected(party: Flask, network: Network) -> object:
    services = cast(AppServices, party.extensions["oauthapp"])
    for origin in network.parties:
        services.http.mount(origin, network)
    return services


def _app_settings(url: str) -> AppSettings:
    demo = LoginProvider(
        issuer=PROVIDER,
        client_id="web",
        client_secret=_CLIENT_SECRET,
        id_token_alg="ES256",
    )
    source = WebhookSource(secrets=[_SIGNING_SECRET], provider="demo")
    return AppSettings(
        base_url=APP,
        secret_key="the-app's-key-of-thirty-two-bytes",
        database_url=url,
        providers={"demo": demo},
        webhooks={"demo": source},
    )


def _provider_settings(url: str) -> ProviderSettings:
    web = Client(
        client_id="web",
        client_secret=_CLIENT_SECRET,
        redirect_uris=[f"{APP}/callback/demo"],
        repositories=["demo"],
    )
    other = Client(
        client_id="other",
        redirect_uris=["http://127.0.0.1/cb"],
        token_endpoint_auth_method="none",
        native=True,
    )
    endpoint = Endpoint(
        url=f"{APP}/webhooks/demo",
        secret=_SIGNING_SECRET,
        events=["session.created", "push"],
    )
    return ProviderSettings(
        issuer=PROVIDER,
        secret_key="the-provider's-key-of-many-bytes!",
        database_url=url,
        signing_alg="ES256",
        deliver_to_loopback=True,
        repositories=["demo"],
        users=[User(sub="alice", password="wonderland")],
        clients=[web, other],
        endpoints=[endpoint],
    )
