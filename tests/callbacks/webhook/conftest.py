"""An app that hears webhooks, a clock that stands still, and a sender that signs."""

from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from flask import Flask
from sqlalchemy import Engine
from standardwebhooks import Webhook

from oauthapp.app import KINDS
from oauthapp.callbacks.webhook.routes import bp
from oauthapp.database import open_database
from oauthapp.pages import csrf
from oauthapp.pages import make_flask
from oauthapp.recorder.call import Call
from oauthapp.recorder.inbound import RecordInbound
from oauthapp.recorder.outbound import recorded_session
from oauthapp.recorder.store import Recorder
from oauthapp.schema.app import app_tables
from oauthapp.schema.recorder import recorder_tables
from oauthapp.services import AppServices
from oauthapp.settings import AppSettings
from oauthapp.settings import WebhookSource
from tests.callbacks.webhook.senders import PUBLIC
from tests.callbacks.webhook.senders import SHARED

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
NOW = 1_700_000_000.0


@dataclass
class Clock:
    """Stands still until a test moves it."""

    now: float = NOW

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Sent:
    """A signed message, ready to be posted."""

    headers: dict[str, str]
    body: bytes


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sign(clock: Clock) -> Callable[..., Sent]:
    """Signs with the reference implementation, not with our own sender."""

    def signed(
        body: bytes | None = None,
        *,
        id: str = "msg_1",
        at: float | None = None,
        secret: str = SECRET,
        type: str = "session.created",
        data: object = msgspec.UNSET,
    ) -> Sent:
        data = {"sid": "s1", "sub": "alice"} if data is msgspec.UNSET else data
        if body is None:
            body = msgspec.json.encode(
                {"type": type, "timestamp": "2023-11-14T22:13:20Z", "data": data}
            )
        when = datetime.fromtimestamp(int(clock.now if at is None else at), UTC)
        signature = Webhook(secret).sign(id, when, body.decode())
        headers = {
            "Content-Type": "application/json",
            "webhook-id": id,
            "webhook-timestamp": str(int(when.timestamp())),
            "webhook-signature": signature,
        }
        return Sent(headers, body)

    return signed


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/app.sqlite", app_tables)
    yield engine
    engine.dispose()


@pytest.fixture
def calls() -> list[Call]:
    """What the recorder heard."""
    return []


@pytest.fixture
def app(
    engine: Engine, clock: Clock, calls: list[Call], tmp_path: Path
) -> Iterator[Flask]:
    heard = open_database(f"sqlite:///{tmp_path}/recorder.sqlite", recorder_tables)
    recorder = Recorder(heard, "key", clock, listener=calls.extend)
    settings = AppSettings(
        base_url="http://localhost:5000",
        secret_key="k" * 32,
        webhooks={
            "demo": WebhookSource(secrets=[SECRET]),
            "public": WebhookSource(secrets=[PUBLIC]),
            "stripe": WebhookSource(secrets=[SHARED], scheme="stripe"),
            "github": WebhookSource(secrets=[SHARED], scheme="github"),
            "slack": WebhookSource(secrets=[SHARED], scheme="slack"),
        },
    )
    app = make_flask(
        "oauthapp", party="app", secret_key=settings.secret_key, url=settings.base_url
    )
    with recorded_session(recorder, "app", reach="anywhere") as http:
        app.extensions["oauthapp"] = AppServices(
            settings=settings,
            database=engine,
            clock=clock,
            http=http,
            recorder=recorder,
        )
        app.register_blueprint(bp)
        csrf.exempt(bp)
        app.wsgi_app = RecordInbound(
            app.wsgi_app, recorder, "app", ignore=(), kinds=KINDS
        )
        yield app
    heard.dispose()
