"""Work in lanes: what one lane waits for does not hold up the others."""

import logging
from collections import Counter
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait
from dataclasses import dataclass
from threading import Event
from threading import Lock
from typing import Generic
from typing import TypeVar

from oauthapp.outage import Outage

log = logging.getLogger(__name__)

#: Seconds between two looks into the store when nothing wakes us.
POLL = 0.2
#: Seconds to wait after the store failed.
PATIENCE = 1.0

Item = TypeVar("Item")


@dataclass(frozen=True, kw_only=True)
class Lanes(Generic[Item]):
    """What a dispatcher does, over and over."""

    #: Take up to so many due items, given how many each lane has under way.
    claim: Callable[[int, Mapping[str, int]], Sequence[Item]]
    lane: Callable[[Item], str]
    do: Callable[[Item], None]
    #: Give an item back, with the reason, when doing it raised.
    fail: Callable[[Item, str], None]


class Dispatcher(Generic[Item]):
    """Claims work and does it in threads. Any number may run at once."""

    def __init__(self, lanes: Lanes[Item], wake: Event, *, threads: int = 16) -> None:
        """:param wake: set by whoever has kept something new."""
        self._lanes = lanes
        self._wake = wake
        self._threads = threads
        self._busy: Counter[str] = Counter()
        self._lock = Lock()

    def run(self, stop: Event) -> None:
        """Work until `stop` is set; what is under way is done to its end."""
        outage = Outage("dispatcher")
        with ThreadPoolExecutor(self._threads) as pool:
            while not stop.is_set():
                self._wake.clear()
                try:
                    idle = not self._start(pool)
                except Exception as error:
                    # Whatever it is, the next round may work, and no one else logs it.
                    outage.failed(error)
                    stop.wait(PATIENCE)
                    continue
                outage.worked()
                if idle:
                    self._wake.wait(POLL)

    def wake_up(self) -> None:
        """End its sleep: there may be work, or it is to stop."""
        self._wake.set()

    def run_once(self) -> int:
        """Do what is due now, to its end: how many items that was."""
        with ThreadPoolExecutor(self._threads) as pool:
            started = self._start(pool)
            wait(started)
        return len(started)

    def _start(self, pool: ThreadPoolExecutor) -> list[Future[None]]:
        with self._lock:
            busy = dict(self._busy)
        free = self._threads - sum(busy.values())
        claimed = self._lanes.claim(free, busy) if free > 0 else ()
        with self._lock:
            self._busy.update(self._lanes.lane(item) for item in claimed)
        return [pool.submit(self._do, item) for item in claimed]

    def _do(self, item: Item) -> None:
        try:
            self._lanes.do(item)
        except Exception as error:
            # One item that breaks must not keep the others from being done.
            log.error("dispatcher: %s", type(error).__name__, exc_info=error)
            self._lanes.fail(item, type(error).__name__)
        finally:
            with self._lock:
                self._busy[self._lanes.lane(item)] -= 1
            self._wake.set()
