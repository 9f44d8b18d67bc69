"""An end to every outbound call: a total time limit that no slow server can stretch.

A read timeout starts anew with each byte that arrives, so a server that sends one
byte now and then holds the caller for as long as it likes. Here a timer cuts the
connection when the whole call has had its time.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from threading import Timer
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import PoolManager
from urllib3.connection import HTTPConnection
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.connectionpool import HTTPSConnectionPool


class Deadline:
    """The time of one call; `passed` tells whether it was cut off."""

    def __init__(self) -> None:
        self.passed = False
        self._socket: socket.socket | None = None
        self._lock = Lock()

    def watch(self, connected: socket.socket | None) -> None:
        """Cut off this connection when the time is up; at once if it is already."""
        with self._lock:
            self._socket = connected
            if self.passed:
                self._cut()

    def expire(self) -> None:
        """The time is up."""
        with self._lock:
            self.passed = True
            self._cut()

    def _cut(self) -> None:
        if self._socket is None:
            return
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # closed meanwhile: nothing left to cut


_current: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


@contextmanager
def time_limit(seconds: float) -> Iterator[Deadline]:
    """Calls made inside, through `TimedAdapter`, end within `seconds` altogether."""
    deadline = Deadline()
    timer = Timer(seconds, deadline.expire)
    timer.daemon = True
    token = _current.set(deadline)
    timer.start()
    try:
        yield deadline
    finally:
        timer.cancel()
        deadline.watch(None)
        _current.reset(token)


class TimedAdapter(HTTPAdapter):
    """A requests adapter whose connections obey `time_limit`."""

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Build the pools on connections that tell the deadline their socket."""
        super().init_poolmanager(*arguments, **options)
        pools: PoolManager = self.poolmanager
        pools.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}


class _Watched:
    sock: socket.socket | None

    def getresponse(self, *arguments: Any, **options: Any) -> Any:
        if deadline := _current.get():
            deadline.watch(self.sock)
        return super().getresponse(*arguments, **options)  # type: ignore[misc]


class _HttpConnection(_Watched, HTTPConnection):
    pass


class _HttpsConnection(_Watched, HTTPSConnection):
    pass


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _HttpConnection


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _HttpsConnection
