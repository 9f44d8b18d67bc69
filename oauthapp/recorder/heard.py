"""The calls of a test, in the order in which they were recorded."""

from collections.abc import Callable
from threading import Lock

from oauthapp.recorder.call import Call


class Heard:
    """A recorder's listener that keeps what it is told."""

    def __init__(self) -> None:
        self._calls: list[Call] = []
        self._lock = Lock()
        #: Writes down what is still waiting to be.
        self.flush: Callable[[], None] = lambda: None

    def __call__(self, call: Call) -> None:
        with self._lock:
            self._calls.append(call)

    def all(self) -> tuple[Call, ...]:
        """Every call, by the time it began."""
        self.flush()
        with self._lock:
            return tuple(sorted(self._calls, key=lambda call: call.at))

    def inbound(self, party: str) -> tuple[Call, ...]:
        """Those that this party answered."""
        return tuple(
            call
            for call in self.all()
            if (call.party, call.direction) == (party, "inbound")
        )
