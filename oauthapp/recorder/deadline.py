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
from time import monotonic


class Deadline:
    """The time of one call; `passed` tells whether it was cut off."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._end = monotonic() + seconds
        self._socket: socket.socket | None = None
        self._lock = Lock()

    def left(self) -> float:
        """Seconds a socket may wait: until a moment after, so that the end is ours."""
        return max(self._end - monotonic(), 0) + 0.05

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
            # Not TLS's own, which stops to encrypt first while another thread may send.
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
        except OSError:
            pass  # closed meanwhile: nothing left to cut


#: The deadline of the call under way, if it has one.
current_deadline: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


@contextmanager
def time_limit(seconds: float) -> Iterator[Deadline]:
    """Calls made inside, through `TimedAdapter`, end within `seconds` altogether."""
    deadline = Deadline(seconds)
    timer = Timer(seconds, deadline.expire)
    timer.daemon = True
    token = current_deadline.set(deadline)
    timer.start()
    try:
        yield deadline
    finally:
        timer.cancel()
        deadline.watch(None)
        current_deadline.reset(token)
