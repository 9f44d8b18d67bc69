"""Bytes that are hardly HTTP, sent to a party that runs as it would for real.

Request lines, headers and bodies are spoilt at random, seeded; each connection is new.
The server has to close or answer in time, never with a 5xx that says it broke, answer
a good request all along, and hold no more threads or descriptors in the end.
"""

import os
import random
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests

from bench.fuzz.wire_words import request
from oauthapp.openapi.document import Party
from tests.postgresql import free_port

#: Seconds until a connection must have been answered or closed.
PATIENCE = 15.0
#: What may come of bytes that are no HTTP, or not ours: we cannot do that, or we will
#: not. 505 is a version of HTTP that nobody speaks, 501 a coding or method.
ALLOWED = {501, 505}
_SETTINGS = """
[app]
base_url = "http://localhost:{port}"
secret_key = "a-key-of-thirty-two-bytes-or-more"
database_url = "sqlite:///{folder}/app.sqlite"
[app.webhooks.demo]
secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]
[provider]
issuer = "http://127.0.0.1:{port}"
secret_key = "a-key-of-thirty-two-bytes-or-more"
database_url = "sqlite:///{folder}/provider.sqlite"
[recorder]
database_url = "sqlite:///{folder}/recorder.sqlite"
"""


def fuzz_wire(party: Party, *, inputs: int, seed: int) -> dict[str, Any]:
    """`inputs` requests to one party: what came of them."""
    dice, statuses, bugs = random.Random(seed), Counter[str](), dict[str, str]()
    with running(party) as (port, process, said):
        _good(party, port)
        before = _held(process.pid)
        began, slowest, slowest_raw = time.monotonic(), 0.0, b""
        for number in range(inputs):
            raw = request(dice)
            asked = time.monotonic()
            status = ask(port, raw)
            took = time.monotonic() - asked
            if took > slowest:
                slowest, slowest_raw = took, raw
            statuses[status] += 1
            if status == "hung" or (status[:1] == "5" and int(status) not in ALLOWED):
                bugs.setdefault(status, repr(raw[:500]))
            if number % 500 == 499:
                _good(party, port)
        seconds = time.monotonic() - began
        after = _settled(process.pid, before)
        if after[0] > before[0] + 4 or after[1] > before[1] + 8:
            bugs["growth"] = f"threads, descriptors: {before} before, {after} after"
        for trace in said.read_text(errors="replace").split("Traceback")[1:]:
            bugs.setdefault(_error_in(trace), trace[:3000])
    return {
        "what": f"{party} on the wire",
        "inputs": inputs,
        "seconds": round(seconds, 1),
        "statuses": dict(sorted(statuses.items())),
        "slowest": [round(slowest, 2), repr(slowest_raw[:200])],
        "threads and descriptors": [before, after],
        "bugs": bugs,
    }


@contextmanager
def running(party: Party) -> Iterator[tuple[int, "subprocess.Popen[bytes]", Path]]:
    """The party in a process of its own, at this port; what it says is in a file."""
    with TemporaryDirectory(prefix="oauthapp-fuzz-") as folder:
        port = free_port()
        file = Path(folder) / "settings.toml"
        file.write_text(_SETTINGS.format(port=port, folder=folder))
        command = [sys.executable, "-m", "oauthapp", party, "--config", str(file)]
        said = Path(folder) / "said"
        with said.open("wb") as output:
            process = subprocess.Popen(command, stdout=output, stderr=output)
            try:
                _until_it_answers(port, process)
                yield port, process, said
            finally:
                process.terminate()
                process.wait(30)


def _error_in(trace: str) -> str:
    """The last line of a traceback."""
    lines = trace.splitlines()
    return next((line for line in lines[1:] if line[:1].isalpha()), lines[-1])[:200]


def ask(port: int, raw: bytes) -> str:
    """The status of the first answer; "closed" or "hung" where there is none."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as wire:
        try:
            wire.sendall(raw)
            wire.shutdown(socket.SHUT_WR)
            answer = b""
            while part := wire.recv(65536):
                answer += part
        except TimeoutError:
            return "hung"
        except OSError:
            return "closed"
    answer = answer.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")
    line = answer.partition(b"\r\n")[0].split(b" ")
    return line[1].decode("latin-1") if len(line) > 1 else "closed"


def _good(party: Party, port: int) -> None:
    path = "/openapi.json" if party == "app" else "/.well-known/openid-configuration"
    host = "localhost" if party == "app" else "127.0.0.1"
    url = f"http://127.0.0.1:{port}{path}"
    answer = requests.get(url, headers={"Host": f"{host}:{port}"}, timeout=PATIENCE)
    assert answer.status_code == 200, answer.text[:500]


def _until_it_answers(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        assert process.poll() is None, "it did not start"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError


def _held(pid: int) -> tuple[int, int]:
    """Threads and descriptors; Linux tells them."""
    folder = Path(f"/proc/{pid}")
    return len(os.listdir(folder / "task")), len(os.listdir(folder / "fd"))


def _settled(pid: int, before: tuple[int, int]) -> tuple[int, int]:
    """The same once the last connections have timed out."""
    until = time.monotonic() + 20
    while _held(pid) > before and time.monotonic() < until:
        time.sleep(0.2)
    return _held(pid)
