"""Plays scenarios in a thread of its own, one at a time, for the app's buttons."""

from collections.abc import Callable
from threading import Lock
from threading import Thread

from oauthapp.callers.sender.retry import JITTER
from oauthapp.callers.sender.retry import SCHEDULE
from oauthapp.faults import FAULTS
from oauthapp.player import Performance
from oauthapp.playing.arrivals import PATIENCE
from oauthapp.playing.perform import perform
from oauthapp.playing.stage import Stage
from oauthapp.recorder.store import Recorder


class BackgroundPlayer:
    """The player of a demo; remembers what it played since it began."""

    def __init__(
        self, new_stage: Callable[[], Stage], recorder: Recorder, clock_factor: float
    ) -> None:
        """:param clock_factor: how many times faster deliveries are repeated."""
        self._is_fast = max(SCHEDULE) * (1 + JITTER) / clock_factor < PATIENCE
        self._new_stage = new_stage
        self._recorder = recorder
        self._lock = Lock()
        self._under_way: Performance | None = None
        self._last: dict[tuple[str, str], Performance] = {}
        self._thread: Thread | None = None

    def can_play(self, fault: str) -> bool:
        return self._is_fast or not (fault and FAULTS[fault].needs_fast_clock)

    def play(self, scenario: str, fault: str) -> bool:
        with self._lock:
            if self._under_way is not None:
                return False
            self._under_way = Performance(scenario=scenario, fault=fault)
            self._thread = Thread(
                target=self._play, args=(scenario, fault), name="player"
            )
            self._thread.start()
            return True

    def under_way(self) -> Performance | None:
        with self._lock:
            return self._under_way

    def last(self, scenario: str, fault: str) -> Performance | None:
        with self._lock:
            return self._last.get((scenario, fault))

    def close(self) -> None:
        """Wait for the end of what is being played."""
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join()

    def _play(self, scenario: str, fault: str) -> None:
        try:
            done = perform(self._new_stage(), self._recorder, scenario, fault)
        finally:
            with self._lock:
                self._under_way = None
        with self._lock:
            self._last[scenario, fault] = done.performance
