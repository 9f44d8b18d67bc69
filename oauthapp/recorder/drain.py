"""Calls wait here for a moment and are written together, off the requests' path.

A call that was answered, or that crashed, is in the queue before its thread goes on;
what is lost is what the last moment before a `kill -9` brought.
"""

from collections import deque
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from threading import Event
from threading import Lock
from threading import Thread
from typing import Generic
from typing import TypeVar

#: Seconds a call waits for others to be written with. With more of them at once the
#: requests that come meanwhile wait longer, with fewer the disk has more to do.
LINGER = 0.005
#: Calls that may wait; whoever brings one more writes them all, and so is slowed.
LIMIT = 500
#: Seconds without a call after which there is time to tidy up.
IDLE = 1.0

Item = TypeVar("Item")


class Drain(Generic[Item]):
    """A bounded queue before something that writes."""

    def __init__(
        self,
        write: Callable[[Sequence[Item]], None],
        tidy_up: Callable[[], bool] = lambda: False,
    ) -> None:
        """
        :param tidy_up: does a little that has time until nothing comes for a while,
            and says whether there is more.
        """
        self._write = write
        self._tidy_up = tidy_up
        self._waiting: deque[Item] = deque()
        self._some_wait = Event()
        self._writing = Lock()
        self._running = 0

    def put(self, item: Item) -> None:
        """Hand `item` over: written soon, or at once when nobody empties the queue."""
        self._waiting.append(item)
        if not self._running or len(self._waiting) >= LIMIT:
            self.flush()
        elif not self._some_wait.is_set():
            self._some_wait.set()

    def flush(self) -> None:
        """Write what waits; when this returns, all that was handed over is written."""
        with self._writing:
            batch: list[Item] = []
            while self._waiting and len(batch) < LIMIT:
                batch.append(self._waiting.popleft())
            if batch:
                self._write(batch)

    def is_full(self) -> bool:
        """Whether whoever brings one more has to write."""
        return len(self._waiting) >= LIMIT

    @contextmanager
    def running(self) -> Iterator[None]:
        """Empty the queue in a thread of its own, until the block ends."""
        stop = Event()
        thread = Thread(target=self._run, args=(stop,), name="recorder")
        thread.start()
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1
            stop.set()
            self._some_wait.set()
            thread.join()
            self.flush()

    def _run(self, stop: Event) -> None:
        idle: float | None = IDLE
        while not stop.is_set():
            if self._some_wait.wait(idle):
                stop.wait(LINGER)
                self._some_wait.clear()  # first: who comes from now on rings again
                self.flush()
                idle = IDLE
            else:
                idle = 0 if self._tidied_up() else None

    def _tidied_up(self) -> bool:
        with self._writing:
            return self._tidy_up()
