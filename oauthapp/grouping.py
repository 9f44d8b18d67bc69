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
from threading import Lock
from typing import Generic
from typing import TypeVar

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import SQLAlchemyError

from oauthapp.errors import StoreUnavailable

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
    """One who waits: told the result, why there is none, or that the turn has come."""

    item: Item
    told: Lock = field(default_factory=Lock)
    results: list[Result] = field(default_factory=list)
    error: SQLAlchemyError | None = None
    writes: bool = False


class Group(Generic[Item, Result]):
    """Those who write to one place."""

    def __init__(
        self, *, batch: int = BATCH, queue: int = QUEUE, patience: float = PATIENCE
    ) -> None:
        self._batch = batch
        self._queue = queue
        self._patience = patience
        self._lock = Lock()
        self._waiting: deque[_Waiting[Item, Result]] = deque()
        self._busy = False

    def write(self, item: Item, write: Write[Item, Result]) -> Result:
        """Write `item` together with what others bring; its transaction has ended.

        :param write: writes a batch, all or nothing, and raises if it did not.
        :raises SQLAlchemyError: what became of this item, not of another one.
        :raises StoreUnavailable: too many wait, it took too long, or the writer broke
            off. Then nobody knows, as when the store itself is away.
        """
        one = self._join(item)
        if not one.writes and not one.told.acquire(timeout=self._patience):
            self._leave(one)
        if one.writes:
            batch = self._take(one)
            try:
                _write_all(batch, write)
            finally:  # also when the writer breaks: nobody may wait for ever
                self._hand_over(batch, one)
        if one.error is not None:
            raise one.error
        if not one.results:
            raise StoreUnavailable
        return one.results[0]

    def _join(self, item: Item) -> _Waiting[Item, Result]:
        one: _Waiting[Item, Result] = _Waiting(item)
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
        with self._lock:
            more = min(self._batch - 1, len(self._waiting))
            return [one, *(self._waiting.popleft() for _ in range(more))]

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


def _write_all(
    batch: Sequence[_Waiting[Item, Result]], write: Write[Item, Result]
) -> None:
    """All at once; if that fails, one by one, so that one spoils it for itself only."""
    try:
        results = write([one.item for one in batch])
        for one, result in zip(batch, results, strict=True):
            one.results.append(result)
    except SQLAlchemyError as error:
        if len(batch) == 1:
            batch[0].error = error
        else:
            _write_each(batch, write)


def _write_each(
    batch: Sequence[_Waiting[Item, Result]], write: Write[Item, Result]
) -> None:
    away: SQLAlchemyError | None = None
    for one in batch:
        if away is not None:  # let the others not wait for a store that is away
            one.error = away
            continue
        try:
            one.results.extend(write([one.item]))
        except OperationalError as error:
            one.error = away = error
        except SQLAlchemyError as error:
            one.error = error
