"""Parties in processes of their own, and one who signs in."""

import re
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import requests

from oauthapp.playing.stage import ALLOW
from oauthapp.visitor import Visitor
from tests.postgresql import new_databases

PATIENCE = 20.0
#: Seconds between two looks: who asks without pause takes the time it waits for.
PAUSE = 0.05


@dataclass(frozen=True, kw_only=True)
class Parties:
    app_url: str
    user: str
    password: str
    config: Path
    stack: ExitStack

    def start(self, command: str, *more: str) -> subprocess.Popen[str]:
        """Run `oauthapp <command>` until the test ends; ready when this returns."""
        process = self.stack.enter_context(
            subprocess.Popen(
                [
                    *(sys.executable, "-m", "oauthapp", command),
                    *("--config", self.config, *more),
                ],
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        self.stack.callback(process.kill)
        assert process.stdout is not None
        assert process.stdout.readline(), f"oauthapp {command} did not start"
        return process


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


def sign_in(parties: Parties) -> None:
    visitor = Visitor()
    visitor.open(f"{parties.app_url}/login/demo")
    visitor.submit({"username": parties.user, "password": parties.password})
    if visitor.sees(ALLOW):  # the provider remembers who has agreed before
        visitor.submit({}, button=ALLOW)
    me = visitor.open_json(f"{parties.app_url}/me")
    visitor.close()
    assert me["sub"] == parties.user


def calls(parties: Parties) -> dict[str, object]:
    """What /calls says of the newest login."""
    found: dict[str, object] = requests.get(
        f"{parties.app_url}/calls", timeout=PATIENCE
    ).json()
    return found


def calls_once_complete(parties: Parties) -> dict[str, object]:
    """The same, once both callbacks have arrived, or when patience ends."""
    end = time.monotonic() + PATIENCE
    while True:
        found = calls(parties)
        if found["complete"] or time.monotonic() > end:
            return found
        time.sleep(PAUSE)
