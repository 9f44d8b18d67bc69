"""The whole app with a sender of every scheme, and what its recorder kept."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from flask import Flask

from oauthapp.app import create_app
from oauthapp.database import open_database
from oauthapp.recorder.call import Call
from oauthapp.recorder.store import Recorder
from oauthapp.schema.recorder import recorder_tables
from oauthapp.services import AppServices
from oauthapp.settings import AppSettings
from oauthapp.settings import WebhookSource
from tests.callbacks.webhook.senders import NOW
from tests.callbacks.webhook.senders import PUBLIC
from tests.callbacks.webhook.senders import SHARED
from tests.callbacks.webhook.senders import SYMMETRIC


@pytest.fixture(scope="module")
def heard() -> list[Call]:
    """Every call that the app's recorder kept."""
    return []


@pytest.fixture(scope="module")
def app(heard: list[Call], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder: Path = tmp_path_factory.mktemp("app")
    recorded = open_database(f"sqlite:///{folder}/recorder.sqlite", recorder_tables)
    recorder = Recorder(recorded, "key", lambda: float(NOW), listener=heard.extend)
    settings = AppSettings(
        base_url="http://localhost:5000",
        secret_key="a-key-of-thirty-two-bytes-or-more",
        database_url=f"sqlite:///{folder}/app.sqlite",
        webhooks={
            "standard": WebhookSource(secrets=[SYMMETRIC]),
            "public": WebhookSource(secrets=[PUBLIC]),
            "stripe": WebhookSource(secrets=[SHARED], scheme="stripe"),
            "github": WebhookSource(secrets=[SHARED], scheme="github"),
            "slack": WebhookSource(secrets=[SHARED], scheme="slack"),
        },
    )
    app = create_app(settings, recorder, clock=lambda: float(NOW))
    yield app
    services = cast(AppServices, app.extensions["oauthapp"])
    services.http.close()
    services.database.dispose()
    recorded.dispose()
