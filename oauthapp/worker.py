"""What happens outside requests, over and over.

A loop polls its store, so that work which another process kept is
found too; work kept in this process wakes it at once.
"""

import logging
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event
from typing import Generic
from typing import TypeVar

from oauthapp.outage import Outage

log = logging.getLogger(__name__)

#: Seconds between two looks into the store when there was nothing to do.
POLL = 0.2
#: Seconds to wait after the store failed.
PATIENCE = 1.0

Item = TypeVar("Item")


@dataclass(frozen=True, kw_only=True)
class Work(Generic[Item]):
    """What a worker does, over and over."""

    #: Take what is due, so that nobody else does.
    claim: Callable[[], Sequence[Item]]
    do: Callable[[Item], None]
    #: Give an item back, with the reason, when doing it raised.
    fail: Callable[[Item, str], None]
    #: Do many in one go, all or none; what raises is done apart from the others.
    do_all: Callable[[Sequence[Item]], None] | None = None
    #: What else there is to do now and then.
    tidy: Callable[[], None] = lambda: None


class Worker(Generic[Item]):
    """Claims and does work until it is told to stop. Any number may run at once."""

    def __init__(self, work: Work[Item], wake: Event) -> None:
        """:param wake: set by whoever has kept something new."""
        self._work = work
        self._wake = wake

    def run(self, stop: Event) -> None:
        """Work until `stop` is set; ends within `POLL` or the item under way."""
        outage = Outage("worker")
        while not stop.is_set():
            self._wake.clear()
            try:
                idle = self.run_once() == 0
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
        """Do what is due now: how many items that was."""
        claimed = self._work.claim()
        if self._work.do_all is None:
            for item in claimed:
                self._do(item)
        else:
            self._do_all(claimed, self._work.do_all)
        self._work.tidy()  # last: when it cannot, the work is done all the same
        return len(claimed)

    def _do_all(
        self, items: Sequence[Item], do_all: Callable[[Sequence[Item]], None]
    ) -> None:
        """One that breaks is looked for by halves, so that the others are done."""
        if len(items) < 2:
            for item in items:
                self._do(item)
            return
        try:
            do_all(items)
        except Exception:  # it is told, with its item, when that is done alone
            half = len(items) // 2
            self._do_all(items[:half], do_all)
            self._do_all(items[half:], do_all)

    def _do(self, item: Item) -> None:
        try:
            self._work.do(item)
        except Exception as error:
            # One item that breaks must not keep the others from being done.
            log.error("worker: %s", type(error).__name__, exc_info=error)
            self._work.fail(item, type(error).__name__)
