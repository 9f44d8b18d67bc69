"""The calls since a moment, in the order in which they were recorded."""

from collections import deque
from collections.abc import Callable
from collections.abc import Sequence
from threading import Lock
from urllib.parse import parse_qsl
from urllib.parse import urlsplit

from oauthapp.recorder.call import Call


class Heard:
    """A recorder's listener that keeps what it is told, in memory."""

    def __init__(self, limit: int | None = None) -> None:
        """:param limit: calls that are kept; the oldest beyond are forgotten."""
        self._calls: deque[Call] = deque(maxlen=limit)
        self._lock = Lock()
        #: Writes down what is still waiting to be.
        self.flush: Callable[[], None] = lambda: None

    def __call__(self, calls: Sequence[Call]) -> None:
        with self._lock:
            self._calls.extend(calls)

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

    def forget(self) -> None:
        """Begin anew."""
        self.flush()
        with self._lock:
            self._calls.clear()


def parameters_of(call: Call) -> dict[str, str]:
    """The parameters of a call: its query's, then its form's; secrets are masked."""
    query = parse_qsl(urlsplit(call.url).query, keep_blank_values=True)
    return dict([*query, *parse_qsl(call.request_body, keep_blank_values=True)])
