"""Has this callback arrived? A listener of recorders that can be waited for."""

from collections import deque
from collections.abc import Callable
from collections.abc import Sequence
from itertools import islice
from threading import Condition

from oauthapp.recorder.call import Call
from oauthapp.recorder.call import Listener
from oauthapp.recorder.step import path_of

#: Seconds within which a callback has to arrive.
PATIENCE = 10.0
#: Calls that are remembered: more than any play makes.
REMEMBERED = 5000


class Arrivals:
    """The calls that the parties recorded, as they come."""

    def __init__(self, listener: Listener | None = None) -> None:
        """:param listener: is told of the calls, too."""
        self._calls = deque[Call](maxlen=REMEMBERED)
        self._count = 0
        self._changed = Condition()
        self._listener = listener

    def __call__(self, calls: Sequence[Call]) -> None:
        with self._changed:
            self._calls.extend(calls)
            self._count += len(calls)
            self._changed.notify_all()
        if self._listener:
            self._listener(calls)

    def count(self) -> int:
        """How many calls there were: where those that come from now on begin."""
        with self._changed:
            return self._count

    def wait_until(
        self,
        wanted: Callable[[Call], bool],
        *,
        after: int = 0,
        times: int = 1,
        seconds: float = PATIENCE,
    ) -> Call | None:
        """The first such call from number `after` on; None when it is late.

        :param times: or the second one, and so on.
        """
        with self._changed:
            self._changed.wait_for(
                lambda: self._find(wanted, after, times), timeout=seconds
            )
            return self._find(wanted, after, times)

    def wait_for(self, path: str, *, seconds: float = PATIENCE) -> Call | None:
        """The first accepted call to the app whose path begins so, None if late."""

        def accepted_there(call: Call) -> bool:
            heard = (call.party, call.direction) == ("app", "inbound")
            began = path_of(call.url).startswith(path)
            return heard and began and call.verdict == "accepted"

        return self.wait_until(accepted_there, seconds=seconds)

    def _find(
        self, wanted: Callable[[Call], bool], after: int, times: int
    ) -> Call | None:
        forgotten = self._count - len(self._calls)
        since = islice(self._calls, max(0, after - forgotten), None)
        found = (call for call in since if wanted(call))
        return next(islice(found, times - 1, None), None)
