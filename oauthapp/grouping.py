"""Many who write at once share one transaction: whoever is first writes for all.

There is no writer thread that could die, hang at the end or have to be started:
the first request to come is the writer, and those who come while it writes are the
next batch, which one of them writes. So the batches grow just as the disk is slow.
"""

from collections import deque
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from itertools import islice
from threading import Lock
from typing import Generic
from typing import TypeVar
from typing import cast

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import SQLAlchemyError

from oauthapp.errors import StoreUnavailable
from oauthapp.lane import in_a_lane
from oauthapp.lane import wait_aside

#: Rows of one transaction, and requests that may wait for theirs.
BATCH = 100
QUEUE = 1000
#: Seconds one may wait: longer than SQLite waits for another process's lock.
PATIENCE = 15.0

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Writes all items in one transaction, which has ended when it returns.
Write = Callable[[Sequence[Item]], Sequence[Result]]


@dataclass(eq=False)
class _Waiting(Generic[Item, Result]):
    """One who waits: told what became of his items, or that the turn has come."""

    items: Sequence[Item]
    told: Lock = field(default_factory=Lock)
    #: Of each item the result, or why there is none; nothing when nobody knows.
    outcomes: list[Result | SQLAlchemyError] = field(default_factory=list)
    writes: bool = False


class Group(Generic[Item, Result]):
    """Those who write to one place."""

    def __init__(
        self,
        write: Write[Item, Result],
        *,
        batch: int = BATCH,
        queue: int = QUEUE,
        patience: float = PATIENCE,
    ) -> None:
        """:param write: writes a batch, all or nothing, and raises if it did not."""
        self._write = write
        self._batch = batch
        self._queue = queue
        self._patience = patience
        self._lock = Lock()
        self._waiting: deque[_Waiting[Item, Result]] = deque()
        self._busy = False

    def write(self, item: Item) -> Result:
        """Write `item` together with what others bring; its transaction has ended.

        :raises SQLAlchemyError: what became of this item, not of another one.
        :raises StoreUnavailable: too many wait, it took too long, or the writer broke
            off. Then nobody knows, as when the store itself is away.
        """
        if in_a_lane():
            return cast(Result, wait_aside(self.write_all, item))
        (outcome,) = self.write_all([item])
        if isinstance(outcome, SQLAlchemyError):
            raise outcome
        return outcome

    def write_all(self, items: Sequence[Item]) -> list[Result | SQLAlchemyError]:
        """The same for several: of each the result, or why there is none.

        :raises StoreUnavailable: as `write`.
        """
        if not items:
            return []
        one = self._join(items)
        if not one.writes and not one.told.acquire(timeout=self._patience):
            self._leave(one)
        if one.writes:
            batch = self._take(one)
            try:
                self._write_for(batch)
            finally:  # also when the writer breaks: nobody may wait for ever
                self._hand_over(batch, one)
        if not one.outcomes:
            raise StoreUnavailable
        return one.outcomes

    def _join(self, items: Sequence[Item]) -> _Waiting[Item, Result]:
        one: _Waiting[Item, Result] = _Waiting(items)
        with self._lock:
            if len(self._waiting) >= self._queue:
                raise StoreUnavailable
            if self._busy:
                one.told.acquire()
                self._waiting.append(one)
            else:
                self._busy = one.writes = True
        return one

    def _leave(self, one: _Waiting[Item, Result]) -> None:
        """Give up waiting, unless it was told something just now."""
        with self._lock:
            if one.writes or one.told.acquire(blocking=False):
                return
            if one in self._waiting:  # else somebody is writing it; who knows
                self._waiting.remove(one)
        raise StoreUnavailable

    def _take(self, one: _Waiting[Item, Result]) -> list[_Waiting[Item, Result]]:
        """Those whose items are written now: as many as fit, `one` in any case."""
        batch, room = [one], self._batch - len(one.items)
        with self._lock:
            while self._waiting and len(self._waiting[0].items) <= room:
                batch.append(self._waiting.popleft())
                room -= len(batch[-1].items)
        return batch

    def _hand_over(
        self, batch: Sequence[_Waiting[Item, Result]], one: _Waiting[Item, Result]
    ) -> None:
        """Let the first who waits be the next writer; tell the batch what became."""
        with self._lock:
            self._busy = bool(self._waiting)
            if self._waiting:
                following = self._waiting.popleft()
                following.writes = True
                following.told.release()
        for other in batch:
            if other is not one:
                other.told.release()

    def _write_for(self, batch: Sequence[_Waiting[Item, Result]]) -> None:
        outcomes = iter(self._outcomes([item for one in batch for item in one.items]))
        for one in batch:
            one.outcomes.extend(islice(outcomes, len(one.items)))

    def _outcomes(self, items: Sequence[Item]) -> list[Result | SQLAlchemyError]:
        """All at once; if that fails, one by one: one spoils it for itself only."""
        try:
            return list(self._write(items))
        except SQLAlchemyError as error:
            return [error] if len(items) == 1 else self._one_by_one(items)

    def _one_by_one(self, items: Sequence[Item]) -> list[Result | SQLAlchemyError]:
        outcomes: list[Result | SQLAlchemyError] = []
        for number, item in enumerate(items):
            try:
                outcomes.extend(self._write([item]))
            except OperationalError as error:  # the store is away: nobody else waits
                return outcomes + [error] * (len(items) - number)
            except SQLAlchemyError as error:
                outcomes.append(error)
        return outcomes
