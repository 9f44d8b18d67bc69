"""Which providers are measured, and how each is started."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import requests

from bench.logins import CALLBACK
from bench.logins import CLIENT
from bench.logins import discover
from tests.interop import node_tools
from tests.postgresql import free_port

PEERS = Path(__file__).with_name("peers")
#: Seconds between two looks whether it answers, where it does not say so itself.
LOOK = 0.005


@dataclass(frozen=True, kw_only=True)
class Party:
    """One way to have a provider."""

    name: str
    #: The name of ours that it is compared with.
    beside: str
    command: list[str]
    #: "" where it prints its issuer, as JSON, when it is ready.
    issuer: str = ""

    @contextmanager
    def running(self) -> Iterator[tuple[subprocess.Popen[bytes], dict[str, Any]]]:
        """Its process and its metadata, as soon as it tells them."""
        with subprocess.Popen(
            self.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
        ) as process:
            try:
                yield process, self._metadata(process)
            finally:
                process.kill()

    def _metadata(self, process: subprocess.Popen[bytes]) -> dict[str, Any]:
        assert process.stdout is not None
        while self.issuer:
            try:
                return discover(self.issuer)
            except requests.ConnectionError:
                time.sleep(LOOK)
        for line in process.stdout:
            if line.startswith(b"{"):
                return discover(json.loads(line)["issuer"])
        raise SystemExit(f"{self.name} did not start: {' '.join(self.command)}")


@cache
def environment() -> dict[str, str]:
    """Compiled modules are kept for the next start, as an installed package's are."""
    folder = str(Path(gettempdir()) / "oauthapp-bench-pycache")
    environ = {**os.environ, "PYTHONPYCACHEPREFIX": folder}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # Plugins that happen to be installed beside one peer are nobody's cost.
    environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    return environ


def parties(iam_python: str | None) -> Iterator[Party]:
    """Ours first; pytest-iam where there is a Python that has it."""
    ours, alone = "oauthapp, fixture", "oauthapp, process"
    mock = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port"]
    port = free_port()
    command = _pytest(sys.executable, "test_ours.py", "-p", "oauthapp.pytest_plugin")
    yield Party(name=ours, beside=ours, command=command)
    yield Party(
        name="oidc-provider-mock, in pytest",
        beside=ours,
        command=_pytest(sys.executable, "test_oidc_provider_mock.py"),
    )
    if iam_python:
        command = _pytest(iam_python, "test_pytest_iam.py", "-p", "pytest_iam")
        yield Party(name="pytest-iam, fixture", beside=ours, command=command)
    yield Party(name=alone, beside=alone, command=_our_process())
    yield Party(
        name="oidc-provider-mock, process",
        beside=alone,
        command=[*mock, str(port)],
        issuer=f"http://127.0.0.1:{port}",
    )
    for name, command in _npm():
        yield Party(name=name, beside=alone, command=command)


def _pytest(python: str, file: str, *options: str) -> list[str]:
    config = ["-c", str(PEERS / "pytest.ini"), "-p", "no:cacheprovider", "-qs"]
    test = str(PEERS / file)
    return [python, "-W", "ignore", "-m", "pytest", *config, *options, test]


def _our_process() -> list[str]:
    client = ["--client", ":".join(CLIENT), "--redirect-uri", CALLBACK]
    flags = ["--port", "0", "--user", "alice", *client]
    return [sys.executable, "-m", "oauthapp", "provider", *flags]


def _npm() -> Iterator[tuple[str, list[str]]]:
    subprocess.run(["npm", "ci", "--silent"], cwd=PEERS, check=True)
    script = str(PEERS / "oauth2_mock_server.mjs")
    yield "oauth2-mock-server (npm)", ["node", script]
    if problem := node_tools.install():
        raise SystemExit(problem)
    client = {
        "client_id": CLIENT[0],
        "client_secret": CLIENT[1],
        "redirect_uris": [CALLBACK],
    }
    told = json.dumps({"clients": [client]})
    script = str(node_tools.FOLDER / "provider.mjs")
    yield "oidc-provider (npm)", ["node", script, told]
