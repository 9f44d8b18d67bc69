"""Both parties with their counters, and somebody on this machine who reads them."""

from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from oauthapp.metrics import figures
from oauthapp.running import build_app
from oauthapp.running import build_provider
from oauthapp.running import close
from oauthapp.settings import AppSettings
from oauthapp.settings import Client
from oauthapp.settings import ProviderSettings
from oauthapp.settings import RecorderSettings
from oauthapp.settings import ServingSettings
from oauthapp.settings import Settings
from oauthapp.settings import WebhookSource

KEY = "a-key-of-thirty-two-bytes-or-more"
Made = Callable[..., dict[str, Flask]]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    """Makes both; keywords are those of the table [serving]."""
    monkeypatch.setattr(figures, "FRESH", 0.0)
    made: list[Flask] = []

    def parties(**serving: Any) -> dict[str, Flask]:
        settings = Settings(
            app=AppSettings(
                base_url="http://localhost:5000",
                secret_key=KEY,
                database_url=f"sqlite:///{tmp_path}/app.sqlite",
                webhooks={"demo": WebhookSource(secrets=["k" * 24], scheme="github")},
            ),
            provider=ProviderSettings(
                issuer="http://127.0.0.1:5001",
                secret_key=KEY,
                database_url=f"sqlite:///{tmp_path}/provider.sqlite",
                clients=[
                    Client(
                        client_id="c",
                        client_secret="s" * 32,
                        redirect_uris=["http://localhost:5000/callback/demo"],
                    )
                ],
            ),
            recorder=RecorderSettings(database_url=f"sqlite:///{tmp_path}/r.sqlite"),
            serving=ServingSettings(**{"metrics": True, **serving}),
        )
        both = {"app": build_app(settings), "provider": build_provider(settings)}
        made.extend(both.values())
        return both

    yield parties
    for party in made:
        close(party)


@pytest.fixture
def both(make: Made) -> dict[str, Flask]:
    return make()


def read(party: Flask, **headers: str) -> dict[tuple[str, ...], float]:
    """Each sample: its name and its labels' values in the order of their names."""
    answer = party.test_client().get("/metrics", headers=headers)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): (
            sample.value
        )
        for family in text_string_to_metric_families(answer.get_data(as_text=True))
        for sample in family.samples
    }
