"""A provider in process, clients that give it work, and a clock that stands still."""

from collections.abc import Callable
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from oauthapp.recorder.call import Call
from oauthapp.settings import Client
from tests.attacks.house import Clock
from tests.attacks.provider_house import Provider
from tests.attacks.provider_house import basic
from tests.attacks.provider_house import opened
from tests.callers.receiver import Receiver
from tests.callers.receiver import receiver

__all__ = ["receiver"]

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
KEY = {"Idempotency-Key": "one"}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def calls() -> list[Call]:
    """What the recorder heard."""
    return []


@pytest.fixture
def open_provider(
    tmp_path: Path, clock: Clock, receiver: Receiver, calls: list[Call]
) -> Iterator[Callable[..., Provider]]:
    """Makes a provider on the same database; keywords are settings."""
    clients = [
        client("web", receiver.url, repositories=["demo"]),
        client("other", "https://other.example/results"),
    ]
    with ExitStack() as at_the_end:

        def make(**settings: Any) -> Provider:
            chosen = {
                "clients": clients,
                "deliver_to_loopback": True,
                "endpoints": [],
                "repositories": ["demo", "other"],
                **settings,
            }
            running = opened(tmp_path, clock, listener=calls.extend, **chosen)
            provider = next(running)
            at_the_end.callback(lambda: next(running, None))
            return provider

        yield make


@pytest.fixture
def provider(open_provider: Callable[..., Provider]) -> Provider:
    return open_provider()


@pytest.fixture
def begin(provider: Provider, receiver: Receiver) -> Callable[..., TestResponse]:
    """Asks for a job, honestly but for the keywords, which are members."""

    def begun(
        *, by: str = "web", headers: dict[str, str] | None = None, **members: Any
    ) -> TestResponse:
        asked = {"kind": "export", "callback_url": receiver.url, **members}
        return provider.machine().post(
            "/jobs", json=asked, headers={**basic(by, "s3cret"), **(headers or {})}
        )

    return begun


def client(client_id: str, callback_url: str, **more: Any) -> Client:
    return Client(
        client_id=client_id,
        client_secret="s3cret",
        grant_types=["client_credentials"],
        callback_urls=[callback_url],
        callback_secret=SECRET,
        **more,
    )


def read(provider: Provider, job_id: str, by: str = "web") -> TestResponse:
    return provider.machine().get(f"/jobs/{job_id}", headers=basic(by, "s3cret"))
