"""A replica of the app as `oauthapp app` runs it, on a real port, in this process."""

from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

from flask import Flask

from bench.messages import Request
from bench.messages import signed
from oauthapp.app_workers import app_working
from oauthapp.running import build_app
from oauthapp.running import recording
from oauthapp.services import AppServices
from oauthapp.serving import Server
from oauthapp.settings import AppSettings
from oauthapp.settings import RecorderSettings
from oauthapp.settings import Settings
from oauthapp.settings import WebhookSource
from tests.chaos.believed import SECRET


@dataclass(frozen=True, kw_only=True)
class Replica:
    """Where it listens, and what it works with."""

    app: Flask
    port: int

    @property
    def services(self) -> AppServices:
        return cast(AppServices, self.app.extensions["oauthapp"])


@contextmanager
def running_replica(
    database_url: str, recorder_url: str, *, works: bool = False
) -> Iterator[Replica]:
    """It answers until the block ends.

    :param works: it is its own worker, too.
    """
    app = build_app(
        Settings(
            app=AppSettings(
                base_url="http://localhost:5000",
                secret_key="the-key-that-signs-states-and-cookies",
                database_url=database_url,
                webhooks={"demo": WebhookSource(secrets=[SECRET])},
            ),
            recorder=RecorderSettings(database_url=recorder_url),
        )
    )
    server = Server("127.0.0.1", 0)
    replica = Replica(app=app, port=server.port)
    with ExitStack() as stack:
        stack.callback(replica.services.http.close)
        stack.callback(replica.services.database.dispose)
        stack.callback(replica.services.recorder.database.dispose)
        stack.enter_context(recording(app))
        if works:
            stack.enter_context(app_working(app))
        stack.enter_context(server.running(app))
        yield replica


def message(message_id: str, *, now: float) -> Request:
    """A webhook as the sender signs it."""
    return signed(message_id, secret=SECRET, now=now)


def page(path: str) -> bytes:
    """What asks for a page."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost:5000\r\n\r\n".encode()
