"""Callers that begin a request and never end it: others are answered all the same.

That of `oauthapp app`; the server for production bears far more of them.
"""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import closing
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.wire import Wire
from oauthapp.serving import THREADS
from tests.chaos.replica import Replica
from tests.chaos.replica import message
from tests.chaos.replica import running_replica

#: Each takes one of the server's threads until it gives up on it.
SILENT = THREADS - 14
#: What each of them has sent when it falls silent.
BEGINNINGS = {
    "nothing": b"",
    "half a head": b"POST /webhooks/demo HTTP/1.1\r\nHost: localhost:5000\r\nConte",
    "half a body": (
        b"POST /webhooks/demo HTTP/1.1\r\nHost: localhost:5000\r\n"
        b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
    ),
}


@pytest.fixture
def replica(tmp_path: Path) -> Iterator[Replica]:
    urls = (f"sqlite:///{tmp_path}/app.sqlite", f"sqlite:///{tmp_path}/rec.sqlite")
    with running_replica(*urls) as one:
        yield one


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_whoever_falls_silent_holds_up_nobody_else(
    replica: Replica, beginning: str
) -> None:
    with silent(replica.port, BEGINNINGS[beginning]):
        with closing(Wire(replica.port, patience=5.0)) as wire:
            answers = [
                wire.ask(message(f"quick_{number}", now=time.time()).raw)
                for number in range(20)
            ]

    assert [one.status for one in answers] == [204] * 20


@contextmanager
def silent(port: int, beginning: bytes) -> Iterator[None]:
    """So many connections that have sent only this, until the block ends."""
    with ExitStack() as stack:
        for _ in range(SILENT):
            one = stack.enter_context(
                socket.create_connection(("127.0.0.1", port), timeout=10)
            )
            one.sendall(beginning)
        yield
