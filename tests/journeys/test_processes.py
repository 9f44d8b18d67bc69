"""App, provider and worker as three processes, on each database we support."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from oauthapp.configuration import load_settings
from oauthapp.demo_settings import write_demo_settings
from oauthapp.playing.stage import ALLOW
from oauthapp.visitor import Visitor
from tests.postgresql import new_databases

PATIENCE = 20.0


@dataclass(frozen=True, kw_only=True)
class Parties:
    app_url: str
    user: str
    password: str
    config: Path
    stack: ExitStack

    def start(self, command: str) -> subprocess.Popen[str]:
        """Run `oauthapp <command>` until the test ends; ready when this returns."""
        process = self.stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-m", "oauthapp", command, "--config", self.config],
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        self.stack.callback(process.kill)
        assert process.stdout is not None
        assert process.stdout.readline(), f"oauthapp {command} did not start"
        return process


@pytest.fixture(params=["sqlite", "postgresql"])
def parties(
    request: pytest.FixtureRequest, tmp_path: Path, free_ports: tuple[int, int]
) -> Iterator[Parties]:
    app_port, provider_port = free_ports
    config = write_demo_settings(
        tmp_path, app_port=app_port, provider_port=provider_port
    )
    if request.param == "postgresql":
        use_postgresql(config, request.getfixturevalue("postgresql"))
    settings = load_settings(config, {})
    assert settings.app is not None and settings.provider is not None
    user = settings.provider.users[0]
    with ExitStack() as stack:
        yield Parties(
            app_url=settings.app.base_url,
            user=user.sub,
            password=user.password,
            config=config,
            stack=stack,
        )


def use_postgresql(config: Path, server: str) -> None:
    """Let each database be one of its own on this server."""
    names = iter(["app", "provider", "recorder"])
    new_databases(server, "app", "provider", "recorder")
    config.write_text(
        re.sub(
            r'database_url = ".*"',
            lambda _match: f'database_url = "{server}/{next(names)}"',
            config.read_text(),
        )
    )


def test_a_login_reaches_the_app_twice(parties: Parties) -> None:
    for command in ("provider", "app", "worker"):
        parties.start(command)

    sign_in(parties)

    assert calls_once_complete(parties)["complete"] is True


def test_a_webhook_is_kept_while_no_worker_runs_and_survives_kill_9(
    parties: Parties,
) -> None:
    parties.start("provider")
    app = parties.start("app")
    parties.start("worker").kill()
    sign_in(parties)  # the event waits in the provider's outbox

    app.kill()
    app.wait()
    parties.start("app")
    parties.start("worker")

    assert calls_once_complete(parties)["complete"] is True


def sign_in(parties: Parties) -> None:
    visitor = Visitor()
    visitor.open(f"{parties.app_url}/login/demo")
    visitor.submit({"username": parties.user, "password": parties.password})
    visitor.submit({}, button=ALLOW)
    me = visitor.open_json(f"{parties.app_url}/me")
    visitor.close()
    assert me["sub"] == parties.user


def calls_once_complete(parties: Parties) -> dict[str, object]:
    """What /calls says once both callbacks have arrived, or when patience ends."""
    end = time.monotonic() + PATIENCE
    while True:
        found: dict[str, object] = requests.get(
            f"{parties.app_url}/calls", timeout=PATIENCE
        ).json()
        if found["complete"] or time.monotonic() > end:
            return found
