"""The moving window behind a limit: the library `limits`, over a memory of our own.

Its own memory asks the machine for the time, keeps every key that ever came until a
timer's thread looks, and so grows with the number of those who come.
"""

from bisect import bisect_right
from collections import OrderedDict
from threading import Lock

from limits import parse
from limits.storage import MovingWindowSupport
from limits.storage import Storage
from limits.strategies import MovingWindowRateLimiter

from oauthapp.clock import Clock

#: Those who are counted apart; when one more comes, the one who came last longest ago
#: is forgotten.
KEYS = 10_000


class Window:
    """What happened within the time that a rate names."""

    def __init__(self, rate: str, clock: Clock) -> None:
        self._item = parse(rate)
        self._strategy = MovingWindowRateLimiter(Memory(clock))
        self._clock = clock

    def take(self, key: str) -> bool:
        """Count one: whether it was free."""
        return self._strategy.hit(self._item, key)

    def free_at(self, key: str) -> float:
        """When one is free; now, if one is."""
        told = self._strategy.get_window_stats(self._item, key)
        return self._clock() if told.remaining > 0 else told.reset_time


class Memory(Storage, MovingWindowSupport):
    """Times, the newest last, by key; as many keys as there may be."""

    STORAGE_SCHEME = None

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._times: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        """How many are counted apart."""
        return len(self._times)

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` more, unless that is too much: whether it was counted."""
        with self._lock:
            now = self._clock()
            times = self._within(key, expiry, now)
            if len(times) + amount > limit:
                return False
            self._times[key] = [*times, *[now] * amount]
            self._times.move_to_end(key)
            if len(self._times) > KEYS:
                self._times.popitem(last=False)
            return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """When the oldest was that still counts, and how many do."""
        with self._lock:
            now = self._clock()
            times = self._within(key, expiry, now)
            if not times:
                self._times.pop(key, None)
            return (times[0] if times else now), len(times)

    def _within(self, key: str, expiry: int, now: float) -> list[float]:
        times = self._times.get(key, [])
        # Those ahead of us are from before the clock was turned back.
        return times[bisect_right(times, now - expiry) : bisect_right(times, now)]

    # What other strategies than a moving window would need.

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        raise NotImplementedError

    def get(self, key: str) -> int:
        raise NotImplementedError

    def get_expiry(self, key: str) -> float:
        raise NotImplementedError

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        raise NotImplementedError

    def clear(self, key: str) -> None:
        raise NotImplementedError
