"""Is there room for one more? Counted now and then, and never less than there is.

A count in the store on every request would cost more than the request. So it is made
now and then, and what this process let in since then is added to it: alone it never
lets in more than there may be. What other processes let in is seen with the next count,
so together they may exceed it by what the others take in `BELIEVED` seconds.
"""

from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import NamedTuple

from oauthapp.clock import Clock

#: Seconds for which a count in the store is believed.
BELIEVED = 5.0
#: Seconds until it is counted again where there is no room: some was made, perhaps.
AGAIN = 1.0


class Amount(NamedTuple):
    """So many things, and what they weigh in bytes."""

    number: int
    size: int = 0

    def plus(self, other: "Amount") -> "Amount":
        return Amount(self.number + other.number, self.size + other.size)

    def minus(self, other: "Amount") -> "Amount":
        return Amount(self.number - other.number, self.size - other.size)

    def within(self, most: "Amount") -> bool:
        return self.number <= most.number and self.size <= most.size


class Capacity:
    """How much one store may hold."""

    def __init__(self, most: Amount, clock: Clock) -> None:
        self._most = most
        self._clock = clock
        self._lock = Lock()
        #: What the store holds at most; None before it was asked.
        self._held: Amount | None = None
        self._asked_at = 0.0
        #: All that was ever let in here, and all of it that was kept or given up.
        self._came = self._went = Amount(0)

    @contextmanager
    def taking(self, measure: Callable[[], Amount], *, size: int = 0) -> Iterator[bool]:
        """Whether there is room for one more, to be kept before the block ends.

        :param measure: asks the store how much it holds.
        """
        one = Amount(1, size)
        if self._is_to_ask(one):
            self._ask(measure)
        let_in = self._let_in(one)
        try:
            yield let_in
        finally:
            if let_in:
                with self._lock:
                    self._went = self._went.plus(one)

    def _is_to_ask(self, one: Amount) -> bool:
        now = self._clock()
        with self._lock:
            if self._held is not None:  # before the first answer everybody asks
                room = self._held.plus(one).within(self._most)
                believed = BELIEVED if room else AGAIN
                if 0 <= now - self._asked_at < believed:  # below 0 it was turned back
                    return False
            self._asked_at = now  # one asks, the others go on
            return True

    def _ask(self, measure: Callable[[], Amount]) -> None:
        with self._lock:
            went = self._went
        found = measure()
        with self._lock:
            # What was under way meanwhile is in the answer or not: it counts.
            self._held = found.plus(self._came).minus(went)

    def _let_in(self, one: Amount) -> bool:
        with self._lock:
            held = (self._held or Amount(0)).plus(one)
            if not held.within(self._most):
                return False
            self._held, self._came = held, self._came.plus(one)
            return True
