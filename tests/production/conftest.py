"""Processes that serve, and connections that are written to by hand."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from oauthapp.demo_settings import write_demo_settings
from tests.postgresql import free_port


@contextmanager
def started(*command: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A Python process that says a line when it is ready, and that line."""
    process = subprocess.Popen(
        [sys.executable, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stderr is not None
    with process.stdout, process.stderr:
        try:
            line = process.stdout.readline()
            assert line, process.stderr.read()
            yield process, line
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served")
    path = write_demo_settings(folder, app_port=free_port(), provider_port=free_port())
    path.write_text(path.read_text() + "\n[serving]\nmetrics = true\n")
    return path


@pytest.fixture(scope="module")
def port(config: Path) -> Iterator[int]:
    """Where `served.py` answers."""
    with started("-m", "tests.production.served", str(config.parent)) as (_, line):
        yield int(line)


class Client:
    """A connection that sends exactly what it is told."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def say_no_more(self) -> None:
        self._socket.shutdown(socket.SHUT_WR)

    def answer(self) -> bytes:
        """All that comes until the other side ends it."""
        pieces = []
        try:
            while piece := self._socket.recv(65536):
                pieces.append(piece)
        except ConnectionError:
            pass
        return b"".join(pieces)

    def close(self) -> None:
        self._socket.close()


@contextmanager
def connected(port: int) -> Iterator[Client]:
    client = Client(port)
    try:
        yield client
    finally:
        client.close()


def ask(port: int, raw: bytes) -> tuple[int, bytes]:
    """Status (0 when there was no answer) and all of the answer."""
    with connected(port) as client:
        client.send(raw)
        answer = client.answer()
    return int(answer[9:12] or 0), answer
