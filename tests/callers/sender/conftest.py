"""A provider that sends, and an endpoint on a real socket that answers as told."""

from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from oauthapp.callers.sender.endpoints import take_over
from oauthapp.callers.sender.event_store import publish
from oauthapp.database import open_database
from oauthapp.database import writing
from oauthapp.recorder.call import Call
from oauthapp.recorder.outbound import recorded_session
from oauthapp.recorder.store import Recorder
from oauthapp.schema.provider import provider_tables
from oauthapp.schema.recorder import recorder_tables
from oauthapp.services import ProviderServices
from oauthapp.settings import Endpoint
from oauthapp.settings import ProviderSettings
from tests.callers.receiver import Receiver
from tests.callers.receiver import receiver

__all__ = ["receiver"]

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
NOW = 1_700_000_000.0


@dataclass
class Clock:
    """Stands still until a test moves it."""

    now: float = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/provider.sqlite", provider_tables)
    yield engine
    engine.dispose()


@pytest.fixture
def calls() -> list[Call]:
    """What the recorder heard."""
    return []


@pytest.fixture
def provider(
    engine: Engine, clock: Clock, receiver: Receiver, calls: list[Call], tmp_path: Path
) -> Iterator[ProviderServices]:
    heard = open_database(f"sqlite:///{tmp_path}/recorder.sqlite", recorder_tables)
    recorder = Recorder(heard, "key", clock, listener=calls.extend)
    settings = ProviderSettings(
        issuer="http://127.0.0.1:5001",
        secret_key="k" * 32,
        endpoints=[Endpoint(url=receiver.url, secret=SECRET)],
    )
    with recorded_session(recorder, "provider", reach="global or loopback") as http:
        services = ProviderServices(
            settings=settings,
            database=engine,
            clock=clock,
            open_http=lambda: http,
            recorder=recorder,
        )
        take_over(services)
        yield services
    heard.dispose()


@pytest.fixture
def announce(engine: Engine, receiver: Receiver, clock: Clock) -> Callable[..., str]:
    """Publishes `session.created` to the receiver, or to `urls`."""

    def announced(*urls: str) -> str:
        with writing(engine) as connection:
            return publish(
                connection,
                event_type="session.created",
                data={"sid": "s1", "sub": "alice"},
                to=urls or [receiver.url],
                now=clock.now,
            )

    return announced
