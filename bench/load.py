"""Many connections, each asking as soon as it was answered: one thread, one loop.

Cheap on purpose (about 20 µs a request), so that the server is what is measured.
"""

import selectors
import socket
import time
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field


@dataclass(kw_only=True)
class Answers:
    """What came back, in the order in which it was asked."""

    #: 0 where there was no answer.
    statuses: list[int]
    #: From the first byte sent to the last one received; connecting counts.
    seconds: list[float]
    elapsed: float = 0.0


@dataclass
class _Connection:
    port: int
    sock: socket.socket | None = None
    number: int = -1
    began: float = 0.0
    received: bytearray = field(default_factory=bytearray)


def ask_all(port: int, raw: Sequence[bytes], connections: int) -> Answers:
    """Send every request once over this many connections."""
    answers = Answers(statuses=[0] * len(raw), seconds=[0.0] * len(raw))
    numbers = iter(range(len(raw)))
    began = time.perf_counter()
    with selectors.DefaultSelector() as selector:
        open_now = 0
        for _ in range(min(connections, len(raw))):
            open_now += _ask_next(selector, _Connection(port), raw, numbers)
        while open_now:
            for key, _events in selector.select(timeout=30):
                if not _answered(selector, key.data, answers):
                    continue
                if not _ask_next(selector, key.data, raw, numbers):
                    open_now -= 1
    answers.elapsed = time.perf_counter() - began
    return answers


def _ask_next(
    selector: selectors.BaseSelector,
    one: _Connection,
    raw: Sequence[bytes],
    numbers: Iterator[int],
) -> bool:
    """Send the next request, if one is left: whether it was."""
    number = next(numbers, None)
    if number is None:
        _close(selector, one)
        return False
    one.number, one.began = number, time.perf_counter()
    one.received.clear()
    if one.sock is None:
        one.sock = socket.create_connection(("127.0.0.1", one.port), timeout=30)
        one.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(one.sock, selectors.EVENT_READ, one)
    one.sock.sendall(raw[number])
    return True


def _answered(
    selector: selectors.BaseSelector, one: _Connection, answers: Answers
) -> bool:
    """Read what is there: whether the answer is complete, or will never be."""
    assert one.sock is not None
    try:
        data = one.sock.recv(65536)
    except ConnectionError:
        data = b""
    one.received += data
    head, end, body = bytes(one.received).partition(b"\r\n\r\n")
    if data and (not end or len(body) < _length(head)):
        return False
    answers.seconds[one.number] = time.perf_counter() - one.began
    if end:
        answers.statuses[one.number] = int(head[9:12])
    if not data or b"connection: close" in head.lower():
        _close(selector, one)
    return True


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    return 0


def _close(selector: selectors.BaseSelector, one: _Connection) -> None:
    if one.sock is not None:
        selector.unregister(one.sock)
        one.sock.close()
        one.sock = None
