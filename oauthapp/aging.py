"""What is kept for a time goes in the end: a little at a time, between other work."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from sqlalchemy import Engine

from oauthapp.clock import Clock

#: Seconds between two looks when the last one found nothing to remove.
EVERY = 60.0
#: Rows removed or emptied in one transaction.
SOME = 200

DAY = 86_400.0


class Forget(Protocol):
    """Deletes up to `limit` rows that were settled before then: how many."""

    def __call__(self, engine: Engine, *, before: float, limit: int) -> int: ...


#: Removes up to `SOME` rows that are too old at this time: how many it were.
RemoveSome = Callable[[float], int]


class Aging:
    """Looks after some table while a worker works."""

    def __init__(self, remove_some: RemoveSome, clock: Clock) -> None:
        self._remove_some = remove_some
        self._clock = clock
        self._next = 0.0

    def now_and_then(self) -> None:
        """Remove some of what is too old, unless it was done just now."""
        now = self._clock()
        if now < self._next:
            return
        removed = self._remove_some(now)
        self._next = now if removed else now + EVERY


def forgetting(
    engine: Engine, forget: Forget, *, days: int, clock: Clock
) -> Callable[[], None]:
    """What a worker calls now and then, so that such rows are kept so many days."""
    return Aging(partial(_forget_some, engine, forget, days), clock).now_and_then


def _forget_some(engine: Engine, forget: Forget, days: int, now: float) -> int:
    return forget(engine, before=now - days * DAY, limit=SOME)
