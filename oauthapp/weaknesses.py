"""Which safeguards are off? Some may be, on one's own machine, to watch an attack.

A call that comes in only because of that says so: the reason code with which it would
have been refused is the reason with which it is accepted.
"""

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterable
from threading import Lock
from typing import TypeVar

from oauthapp.errors import OauthappError
from oauthapp.recorder.call import remark

Evidence = TypeVar("Evidence")


class Weaknesses:
    """The names of the safeguards that are off; any thread may ask and switch."""

    def __init__(self, off: Iterable[str] = ()) -> None:
        self._lock = Lock()
        #: Replaced as a whole, so that a request sees one state of it.
        self.off: frozenset[str] = frozenset(off)

    def switch(self, name: str, *, off: bool) -> None:
        """Leave this safeguard out from now on, or no longer."""
        with self._lock:
            self.off = self.off | {name} if off else self.off - {name}

    def clear(self) -> None:
        """Leave none out."""
        with self._lock:
            self.off = frozenset()

    def forgive(self, name: str, code: str) -> bool:
        """Whether what `name` would stop comes in, which is then remarked."""
        if name not in self.off:
            return False
        remark(code)
        return True


def passed_over(
    checks: Iterable[tuple[Callable[[Evidence], bool], type[OauthappError]]],
    seen: Evidence,
    without: Collection[str],
    *,
    of: str = "",
) -> tuple[str, ...]:
    """The reason codes of the checks that are off and did not hold.

    :param of: what the checks' names begin with in `without`.
    """
    if not without:
        return ()
    return tuple(
        refusal.code
        for holds, refusal in checks
        if f"{of}{holds.__name__}" in without and not holds(seen)
    )
