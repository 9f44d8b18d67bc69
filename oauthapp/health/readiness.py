"""Can all parts of a party work? Each is asked anew, and given little time to answer.

Who asks does not wait for a database that hangs, and those who ask at the same time
share one answer, so that nobody can keep a party busy with the question.
"""

from collections.abc import Callable
from collections.abc import Mapping
from threading import Lock
from threading import Thread
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

#: Seconds that the parts have for their answers.
PATIENCE = 2.0
#: Seconds that an answer is good for.
FRESH = 0.5

OK = "ok"
SILENT = "no answer yet"

#: Says in a few words what is wrong, "" when nothing is; it may also raise.
Check = Callable[[], str]


class Readiness:
    """The parts of one party."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._asking = {name: _Asking(name, check) for name, check in checks.items()}
        self._lock = Lock()
        self._said: Mapping[str, str] = {}
        self._fresh_until = 0.0

    def look(self) -> Mapping[str, str]:
        """What each part says: "ok", or what is wrong with it."""
        with self._lock:
            if monotonic() >= self._fresh_until:
                self._said = self._ask()
                self._fresh_until = monotonic() + FRESH
            return self._said

    def _ask(self) -> Mapping[str, str]:
        for one in self._asking.values():
            one.begin()
        end = monotonic() + PATIENCE
        return {name: one.said(end) for name, one in self._asking.items()}


class _Asking:
    """One part that is asked, by one thread at a time."""

    def __init__(self, name: str, check: Check) -> None:
        self._name = name
        self._check = check
        self._thread: Thread | None = None
        self._answer = SILENT

    def begin(self) -> None:
        if self._thread is not None and self._thread.is_alive():
            return  # it hangs since the last time
        self._answer = SILENT
        # A database that hangs must not keep the process from ending.
        self._thread = Thread(target=self._run, name=f"ready {self._name}", daemon=True)
        self._thread.start()

    def said(self, end: float) -> str:
        assert self._thread is not None
        self._thread.join(max(0.0, end - monotonic()))
        return SILENT if self._thread.is_alive() else self._answer

    def _run(self) -> None:
        try:
            self._answer = self._check() or OK
        except (SQLAlchemyError, OSError) as error:
            self._answer = f"does not answer ({type(error).__name__})"
