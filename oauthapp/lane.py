"""One thread that answers many who wait for the same disk.

In a server of threads a message that is kept costs more for the threads than for the
keeping: each request has one, which hands over to whoever writes, sleeps and is woken.
Here one thread works on requests that are wholly there. Where a request waits for its
row to be written it is put aside, as a greenlet, and the thread goes on with the next
one. Once no other is there, or it has looked twice, it writes what all of them brought,
in one transaction, and each goes on where it was.

Whatever else such a request waits for, all others wait for, too: so it is for those
whose body has come, and which do nothing but keep it.
"""

import logging
from collections.abc import Callable
from collections.abc import Sequence
from threading import local
from typing import Any
from typing import Generic
from typing import TypeVar
from typing import cast

from greenlet import getcurrent
from greenlet import greenlet

log = logging.getLogger(__name__)

#: Requests that are put aside before what they brought is written, come who may.
MOST = 50
#: Looks for requests before that: else whoever is refused, and comes again at once,
#: would hold up those who wait.
LOOKS = 2

Request = TypeVar("Request")

#: Writes what several brought: what became of each, a result or why there is none.
WriteAll = Callable[[list[Any]], list[Any]]

_here = local()


def wait_aside(write_all: WriteAll, item: Any) -> Any:
    """Have `item` written with those of other requests of this thread.

    :param write_all: the same one for all that may be written together.
    :returns: what it gave for this item.
    :raises Exception: what it gave for this item, if that is one; or what it raised.
    """
    lane = cast("Lane[Any]", _here.lane)
    lane.aside.append((getcurrent(), write_all, item))
    return lane.main.switch()


def in_a_lane() -> bool:
    """Whether this thread has others to answer while one waits."""
    lane = getattr(_here, "lane", None)
    return lane is not None and getcurrent() is not lane.main


class Lane(Generic[Request]):
    """Requests that one thread answers."""

    def __init__(
        self,
        ready: Callable[[bool], Sequence[Request]],
        answer: Callable[[Request], None],
    ) -> None:
        """
        :param ready: those that are there; told True, it waits for one for a while.
        :param answer: answers one; what it raises is logged.
        """
        self._ready = ready
        self._answer = answer
        self._stopped = False
        #: Those who have answered one, for the next: each has memory of its own, and to
        #: ask for that and give it back took a tenth of a request's time.
        self._idle: list[greenlet] = []
        self.aside: list[tuple[greenlet, WriteAll, Any]] = []

    def stop(self) -> None:
        """Answer those that were begun, and no more."""
        self._stopped = True

    def run(self) -> None:
        """Answer until told to stop."""
        _here.lane, self.main = self, getcurrent()
        looks = 0
        while not self._stopped or self.aside:
            looks = looks + 1 if self.aside else 1
            some = () if self._stopped else self._ready(not self.aside)
            for request in some:
                self._begin(request)
                if len(self.aside) >= MOST:
                    self._write()
            if self.aside and (not some or looks >= LOOKS):
                self._write()
        while self._idle:
            self._idle.pop().throw()

    def _begin(self, request: Request) -> None:
        one = self._idle.pop() if self._idle else greenlet(self._answer_each)
        one.gr_context = None  # what the one before left there is not for this one
        one.switch(request)

    def _answer_each(self, request: Request) -> None:
        while True:
            self._answer_one(request)
            self._idle.append(getcurrent())
            request = self.main.switch()

    def _answer_one(self, request: Request) -> None:
        try:
            self._answer(request)
        except Exception:  # the thread has others to answer
            log.exception("a request broke off")

    def _write(self) -> None:
        """Write for all who are aside, and let them go on."""
        together: dict[WriteAll, list[tuple[greenlet, Any]]] = {}
        for one, write_all, item in self.aside:
            together.setdefault(write_all, []).append((one, item))
        self.aside = []
        for write_all, some in together.items():
            try:
                outcomes = write_all([item for _one, item in some])
            except Exception as error:  # each of them is told, in its own place
                outcomes = [error] * len(some)
            for (one, _item), outcome in zip(some, outcomes, strict=True):
                if isinstance(outcome, Exception):
                    one.throw(outcome)
                else:
                    one.switch(outcome)
