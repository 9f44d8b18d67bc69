"""One connection, one request after the other: whoever asks decides what a loss means.

Cheap, so that the servers are what is measured: raw bytes, and no more is read of an
answer than is needed.
"""

import re
import select
import socket
from dataclasses import dataclass

_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CLOSES = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: *([^=;\r]+)=([^;\r]*)", re.IGNORECASE)
_LOCATION = re.compile(rb"\r\nlocation: *([^\r]*)", re.IGNORECASE)
_REASON = re.compile(rb'"code":\s*"(\w+)"')


class Lost(Exception):
    """The connection ended, or nothing came in time: nobody knows what became of it."""


class NotReached(Lost):
    """Nobody listens there: nothing was sent."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    head: bytes
    body: bytes

    @property
    def location(self) -> str:
        """Where it sends us, "" when nowhere."""
        found = _LOCATION.search(self.head)
        return found[1].decode() if found else ""

    @property
    def cookies(self) -> dict[str, str]:
        """What it gives us to bring along."""
        found = _COOKIE.findall(self.head)
        return {name.decode(): value.decode() for name, value in found}

    @property
    def reason(self) -> str:
        """The reason code of a refusal."""
        found = _REASON.search(self.body)
        return found[1].decode() if found else f"http_{self.status}"


class Wire:
    """To one port of this machine; opened when needed, and anew after a loss."""

    def __init__(self, port: int, *, patience: float = 30.0) -> None:
        """:param patience: seconds to wait for a piece of an answer."""
        self._port = port
        self._patience = patience
        self._sock: socket.socket | None = None

    def ask(self, raw: bytes) -> Answer:
        """Send a request and read its answer.

        :raises Lost: when there is none.
        """
        self.send(raw)
        return self.read()

    def send(self, raw: bytes) -> None:
        """Send a request; its answer is to be read."""
        if self._sock is None or _ended(self._sock):  # it was idle for too long
            self.close()
            self._sock = self._connected()
        try:
            self._sock.sendall(raw)
        except OSError as error:
            self.close()
            raise Lost(type(error).__name__) from None

    def read(self) -> Answer:
        """The answer to what was sent last."""
        assert self._sock is not None
        received = bytearray()
        try:
            while (answer := _complete(bytes(received))) is None:
                piece = self._sock.recv(65536)
                if not piece:
                    raise ConnectionResetError
                received += piece
        except OSError as error:
            self.close()
            raise Lost(type(error).__name__) from None
        if _CLOSES.search(answer.head):
            self.close()
        return answer

    def _connected(self) -> socket.socket:
        try:
            sock = socket.create_connection(("127.0.0.1", self._port), self._patience)
        except OSError as error:
            raise NotReached(type(error).__name__) from None
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock

    def close(self) -> None:
        """The next request opens a new one."""
        if self._sock is not None:
            self._sock.close()
            self._sock = None


def _ended(sock: socket.socket) -> bool:
    """Whether the other end has closed it: then nothing more is asked on it."""
    return bool(select.select([sock], [], [], 0)[0])


def _complete(received: bytes) -> Answer | None:
    head, end, body = received.partition(b"\r\n\r\n")
    if not end:
        return None
    length = _LENGTH.search(head)
    if len(body) < (int(length[1]) if length else 0):
        return None
    status = _STATUS.match(head)
    return Answer(status=int(status[1]) if status else 0, head=head, body=body)
