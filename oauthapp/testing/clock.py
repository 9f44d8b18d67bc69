"""A clock that tests move: what is to expire need not be waited for."""

from threading import Lock

from oauthapp.clock import system_clock


class MovableClock:
    """Tells the machine's time, moved ahead as far as it was told to."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._lock = Lock()

    def __call__(self) -> float:
        """Unix seconds."""
        with self._lock:
            return system_clock() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let so many seconds pass at once, for the provider and the sender alone."""
        if seconds < 0:
            raise ValueError("a clock is never turned back: write 0 or more seconds")
        with self._lock:
            self._ahead += seconds
