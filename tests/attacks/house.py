"""Fixtures: the app under attack, two providers, and a clock that stands still."""

from collections.abc import Callable
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from joserfc.jwk import ECKey
from joserfc.jwk import RSAKey
from sqlalchemy import Engine

from oauthapp.app import create_app
from oauthapp.callbacks.redirect.discovery import Discovery
from oauthapp.database import open_database
from oauthapp.recorder.call import Call
from oauthapp.recorder.store import Recorder
from oauthapp.schema.recorder import recorder_tables
from oauthapp.services import AppServices
from oauthapp.settings import AppSettings
from oauthapp.settings import LoginProvider
from tests.attacks.evil_browser import EvilBrowser
from tests.attacks.evil_provider import CLIENT_ID
from tests.attacks.evil_provider import CLIENT_SECRET
from tests.attacks.evil_provider import Address
from tests.attacks.evil_provider import EvilProvider

NOW = 1_700_000_000.0
BASE_URL = "http://localhost:5000"
SECRET_KEY = "the-key-that-signs-states-and-cookies"


@dataclass
class Clock:
    """Stands still until a test moves it."""

    now: float = NOW

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True, kw_only=True)
class House:
    """The app with all a test may look at."""

    app: Flask
    settings: AppSettings
    services: AppServices
    recorded: Engine
    calls: list[Call]

    @property
    def discovery(self) -> Discovery:
        return self.app.extensions["oauthapp.discovery"]

    def browser(self) -> EvilBrowser:
        """A new one, without cookies."""
        return EvilBrowser(self.app, self.settings.base_url)

    def be_impatient(self, call_time: float = 0.3) -> None:
        """Give up on the provider sooner than the five seconds of RULES D.1."""
        services = self.services
        self.app.extensions["oauthapp.discovery"] = Discovery(
            services.http, services.clock, call_time=call_time
        )


@pytest.fixture(scope="session")
def rsa_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "first", "use": "sig", "alg": "RS256"})


@pytest.fixture(scope="session")
def other_rsa_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "second", "use": "sig", "alg": "RS256"})


@pytest.fixture(scope="session")
def ec_key() -> ECKey:
    return ECKey.generate_key("P-256", {"kid": "curve", "use": "sig"})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def addresses() -> Iterator[tuple[Address, Address]]:
    """Where the two providers are."""
    with Address().open() as one, Address().open() as two:
        yield one, two


@pytest.fixture
def evil(
    rsa_key: RSAKey, clock: Clock, addresses: tuple[Address, Address]
) -> Iterator[EvilProvider]:
    """The provider that the app calls `demo`."""
    with EvilProvider(rsa_key, clock).at(addresses[0]) as provider:
        yield provider


@pytest.fixture
def other(
    other_rsa_key: RSAKey, clock: Clock, addresses: tuple[Address, Address]
) -> Iterator[EvilProvider]:
    """The provider that the app calls `other`."""
    with EvilProvider(other_rsa_key, clock).at(addresses[1]) as provider:
        yield provider


@pytest.fixture
def open_house(
    evil: EvilProvider, other: EvilProvider, clock: Clock, tmp_path: Path
) -> Iterator[Callable[..., House]]:
    """Makes an app; keywords are settings."""
    with ExitStack() as at_the_end:

        def opened(**settings: Any) -> House:
            house = _house(_settings(evil, other, tmp_path, settings), clock, tmp_path)
            at_the_end.callback(house.services.http.close)
            at_the_end.callback(house.services.database.dispose)
            at_the_end.callback(house.recorded.dispose)
            return house

        yield opened


@pytest.fixture
def house(open_house: Callable[..., House]) -> House:
    return open_house()


@pytest.fixture
def browser(house: House) -> EvilBrowser:
    return house.browser()


def _settings(
    evil: EvilProvider, other: EvilProvider, folder: Path, more: dict[str, Any]
) -> AppSettings:
    chosen: dict[str, Any] = {
        "base_url": BASE_URL,
        "secret_key": SECRET_KEY,
        "database_url": f"sqlite:///{folder}/app.sqlite",
        "providers": {
            "demo": registration(evil.issuer),
            "other": registration(other.issuer),
        },
    }
    return AppSettings(**{**chosen, **more})


def registration(issuer: str, **more: Any) -> LoginProvider:
    """What the app has on file about a provider."""
    chosen: dict[str, Any] = {
        "issuer": issuer,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
    }
    return LoginProvider(**{**chosen, **more})


def _house(settings: AppSettings, clock: Clock, folder: Path) -> House:
    recorded = open_database(f"sqlite:///{folder}/recorder.sqlite", recorder_tables)
    calls: list[Call] = []
    recorder = Recorder(recorded, "key", clock, listener=calls.extend)
    app = create_app(settings, recorder, clock=clock)
    return House(
        app=app,
        settings=settings,
        services=app.extensions["oauthapp"],
        recorded=recorded,
        calls=calls,
    )
