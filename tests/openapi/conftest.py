"""Both parties in process."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from oauthapp.app import create_app
from oauthapp.app import create_provider
from oauthapp.database import open_database
from oauthapp.recorder.store import Recorder
from oauthapp.schema.recorder import recorder_tables
from oauthapp.settings import AppSettings
from oauthapp.settings import ProviderSettings
from oauthapp.standalone.tenant_routes import let_tenants_be_ordered
from oauthapp.standalone.tenants import Tenants
from oauthapp.standalone.wanted import Wanted

KEY = "a-key-of-thirty-two-bytes-or-more"
NOW = 1_700_000_000.0


@pytest.fixture
def control() -> bool:
    """Whether orders are taken; a test may say so."""
    return False


@pytest.fixture
def apps(tmp_path: Path, control: bool) -> Iterator[dict[str, Flask]]:
    recorded = open_database(f"sqlite:///{tmp_path}/recorder.sqlite", recorder_tables)
    recorder = Recorder(recorded, KEY, lambda: NOW)
    settings: dict[str, Any] = {"secret_key": KEY, "control": control}
    app = AppSettings(
        base_url="http://localhost:5000",
        database_url=f"sqlite:///{tmp_path}/app.sqlite",
        **settings,
    )
    provider = ProviderSettings(
        issuer="http://127.0.0.1:5001",
        database_url=f"sqlite:///{tmp_path}/provider.sqlite",
        **settings,
    )
    both: dict[str, Flask] = {
        "app": create_app(app, recorder, clock=lambda: NOW),
        "provider": create_provider(provider, recorder, clock=lambda: NOW),
    }
    if control:
        let_tenants_be_ordered(
            both["provider"], Tenants("http://127.0.0.1:1", tmp_path, Wanted(users=()))
        )
    yield both
    for party in both.values():
        services = party.extensions["oauthapp"]
        services.http.close()
        services.database.dispose()
    recorded.dispose()
