"""An app that gives work to a provider, and a provider's signature."""

import base64
import json
from collections.abc import Callable
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from standardwebhooks import Webhook
from werkzeug.test import TestResponse

from oauthapp.app import create_app
from oauthapp.callbacks.result import store
from oauthapp.callbacks.result.store import Export
from oauthapp.database import open_database
from oauthapp.database import writing
from oauthapp.recorder.call import Call
from oauthapp.recorder.store import Recorder
from oauthapp.schema.recorder import recorder_tables
from oauthapp.services import AppServices
from oauthapp.settings import AppSettings
from oauthapp.settings import LoginProvider
from oauthapp.settings import WebhookSource
from tests.attacks.house import Clock
from tests.callers.receiver import Receiver
from tests.callers.receiver import receiver

__all__ = ["receiver"]

SECRET = "whsec_" + base64.b64encode(b"r" * 32).decode()
WEBHOOK_SECRET = "whsec_" + base64.b64encode(b"w" * 32).decode()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def calls() -> list[Call]:
    """What the recorder heard."""
    return []


@pytest.fixture
def issuer(receiver: Receiver) -> str:
    return receiver.url.removesuffix("/hook")


@pytest.fixture
def app(
    tmp_path: Path, clock: Clock, calls: list[Call], issuer: str
) -> Iterator[Flask]:
    heard = open_database(f"sqlite:///{tmp_path}/recorder.sqlite", recorder_tables)
    works: dict[str, Any] = {"client_id": "us:1", "client_secret": "s3 cret"}
    settings = AppSettings(
        base_url="http://localhost:5000",
        secret_key="k" * 32,
        database_url=f"sqlite:///{tmp_path}/app.sqlite",
        control=True,
        providers={
            "demo": LoginProvider(issuer=issuer, callback_secrets=[SECRET], **works),
            "two": LoginProvider(issuer=issuer, callback_secrets=[SECRET], **works),
            "login": LoginProvider(issuer=issuer, **works),
        },
        webhooks={
            "demo": WebhookSource(secrets=[WEBHOOK_SECRET], provider="demo"),
            "mute": WebhookSource(secrets=[WEBHOOK_SECRET]),
        },
    )
    app = create_app(settings, Recorder(heard, "key", clock, calls.extend), clock=clock)
    yield app
    app.extensions["oauthapp"].http.close()
    app.extensions["oauthapp"].database.dispose()
    heard.dispose()


@pytest.fixture
def services(app: Flask) -> AppServices:
    found: AppServices = app.extensions["oauthapp"]
    return found


@pytest.fixture
def export(services: AppServices, issuer: str) -> Export:
    """One that a provider has taken, to be asked after now."""
    return keep(
        services,
        job_id="job_1",
        job_url=f"{issuer}/jobs/job_1",
        due_at=services.clock(),
    )


@pytest.fixture
def tell(app: Flask, clock: Clock) -> Callable[..., TestResponse]:
    """Posts a signed result, honest but for the keywords."""

    def told(
        *,
        to: str = "/results/demo",
        id: str = "msg_1",
        secret: str = SECRET,
        type: str = "job.finished",
        body: bytes | None = None,
        at: float | None = None,
        content_type: str = "application/json",
        **data: Any,
    ) -> TestResponse:
        if body is None:
            event = {"type": type, "timestamp": "2023-11-14T22:13:20Z"}
            body = json.dumps({**event, "data": {**GOOD, **data}}).encode()
        when = datetime.fromtimestamp(int(clock.now if at is None else at), UTC)
        headers = {
            "Content-Type": content_type,
            "webhook-id": id,
            "webhook-timestamp": str(int(when.timestamp())),
            "webhook-signature": Webhook(secret).sign(id, when, body.decode()),
        }
        return app.test_client().post(to, data=body, headers=headers)

    return told


GOOD = {
    "job": "job_1",
    "kind": "export",
    "reference": "export-1",
    "status": "done",
    "result": {"rows": 3},
    "finished_at": 1_700_000_000.0,
}


def keep(services: AppServices, **values: Any) -> Export:
    """Keep an export that was begun."""
    now = services.clock()
    chosen = {
        "export_id": "export-1",
        "provider": "demo",
        "created_at": now,
        "due_at": now + 1000,
    }
    export = Export(**{**chosen, **values})
    with writing(services.database) as connection:
        store.keep(connection, export)
    return export


def found(services: AppServices, export_id: str = "export-1") -> Export:
    with writing(services.database) as connection:
        export = store.find(connection, export_id)
    assert export is not None
    return export
