"""Both parties, which take orders."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from flask import Flask
from flask.testing import FlaskClient

from oauthapp.app import create_app
from oauthapp.app import create_provider
from oauthapp.database import open_database
from oauthapp.recorder.call import Call
from oauthapp.recorder.store import Recorder
from oauthapp.schema.recorder import recorder_tables
from oauthapp.services import AppServices
from oauthapp.services import ProviderServices
from oauthapp.settings import AppSettings
from oauthapp.settings import ProviderSettings

NOW = 1_700_000_000.0
APP = "http://localhost:5000"
PROVIDER = "http://127.0.0.1:5001"


@pytest.fixture
def calls() -> list[Call]:
    """What the recorder heard."""
    return []


@pytest.fixture
def recorder(tmp_path: Path, calls: list[Call]) -> Iterator[Recorder]:
    heard = open_database(f"sqlite:///{tmp_path}/recorder.sqlite", recorder_tables)
    yield Recorder(heard, "key", lambda: NOW, calls.extend)
    heard.dispose()


def opened(party: Flask) -> Iterator[Flask]:
    yield party
    services = cast(AppServices | ProviderServices, party.extensions["oauthapp"])
    services.http.close()
    services.database.dispose()


@pytest.fixture
def control() -> bool:
    """Whether orders are taken; a test may say no."""
    return True


@pytest.fixture
def app(tmp_path: Path, recorder: Recorder, control: bool) -> Iterator[Flask]:
    settings = AppSettings(
        base_url=APP,
        secret_key="k" * 32,
        database_url=f"sqlite:///{tmp_path}/app.sqlite",
        control=control,
    )
    yield from opened(create_app(settings, recorder, clock=lambda: NOW))


@pytest.fixture
def provider(tmp_path: Path, recorder: Recorder, control: bool) -> Iterator[Flask]:
    settings = ProviderSettings(
        issuer=PROVIDER,
        secret_key="k" * 32,
        database_url=f"sqlite:///{tmp_path}/provider.sqlite",
        control=control,
    )
    yield from opened(create_provider(settings, recorder, clock=lambda: NOW))


@pytest.fixture
def services(provider: Flask) -> ProviderServices:
    return cast(ProviderServices, provider.extensions["oauthapp"])


@pytest.fixture
def client(provider: Flask) -> FlaskClient:
    return client_of(provider, PROVIDER)


def client_of(party: Flask, base_url: str) -> FlaskClient:
    """A client that writes the party's own host."""
    party.config["SERVER_NAME"] = base_url.partition("://")[2]
    return party.test_client()
