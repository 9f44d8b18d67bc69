"""What time is it? The only place that asks; everyone else is given a clock."""

import time
from collections.abc import Callable
from threading import Lock

#: Gives the time now, in unix seconds.
Clock = Callable[[], float]

#: The machine's own clock.
system_clock: Clock = time.time


class MovableClock:
    """Tells the machine's time, moved ahead as far as it was told to: for tests.

    What is to expire need not be waited for.
    """

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

    def reset(self) -> None:
        """Tell the machine's time again, when all that was dated ahead is gone."""
        with self._lock:
            self._ahead = 0.0
