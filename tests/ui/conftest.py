"""The whole app, its recorder, and a client that looks at its pages."""

from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from typing import cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from oauthapp.app import create_app
from oauthapp.database import open_database
from oauthapp.recorder.store import Recorder
from oauthapp.schema.recorder import recorder_tables
from oauthapp.services import AppServices
from oauthapp.settings import AppSettings
from oauthapp.settings import LoginProvider

NOW = 1_700_000_000.0


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/recorder.sqlite", recorder_tables)
    yield engine
    engine.dispose()


@pytest.fixture
def recorder(recorded: Engine) -> Recorder:
    return Recorder(recorded, "the recorder's key", lambda: NOW)


@pytest.fixture
def make_app(tmp_path: Path, recorder: Recorder) -> Iterator[Callable[..., Flask]]:
    """Makes an app; keywords are settings."""
    made: list[AppServices] = []
    chosen: dict[str, Any] = {
        "base_url": "http://localhost:5000",
        "secret_key": "a-key-of-thirty-two-bytes-or-more",
        "database_url": f"sqlite:///{tmp_path}/app.sqlite",
        "providers": {
            name: LoginProvider(
                issuer=f"https://{name}.example", client_id="c", client_secret="s" * 32
            )
            for name in ("demo", "other")
        },
    }

    def make(**settings: Any) -> Flask:
        app = create_app(
            AppSettings(**{**chosen, **settings}), recorder, clock=lambda: NOW
        )
        made.append(cast(AppServices, app.extensions["oauthapp"]))
        return app

    yield make
    for services in made:
        services.http.close()
        services.database.dispose()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
