"""What the provider saw of a test, to be asked and asserted; secrets left out."""

from oauthapp.recorder.call import Call
from oauthapp.recorder.heard import parameters_of
from oauthapp.recorder.step import path_of


class RequestsSeen(tuple[Call, ...]):
    """Calls in the order in which they began."""

    def to(self, path: str, *, method: str = "") -> "RequestsSeen":
        """Those to that path, such as "/token"."""
        return RequestsSeen(
            call
            for call in self
            if path_of(call.url) == path and method in ("", call.method)
        )

    def only(self, path: str, *, method: str = "") -> Call:
        """The one call to that path.

        :raises AssertionError: when there was none, or more; it tells what there was.
        """
        found = self.to(path, method=method)
        assert len(found) == 1, self._complaint(f"{len(found)} calls to {path}, not 1")
        return found[0]

    def assert_none(self, path: str) -> None:
        """Nobody called that path.

        :raises AssertionError: when somebody did; it tells what there was.
        """
        found = self.to(path)
        assert not found, self._complaint(f"{len(found)} calls to {path}, not 0")

    def __str__(self) -> str:
        return "\n".join(in_words(call) for call in self) or "(no calls)"

    def _complaint(self, problem: str) -> str:
        return f"{problem}; the provider saw:\n{self}"


def sent(call: Call) -> dict[str, str]:
    """The parameters of a call: its query's, then its form's; secrets are masked."""
    return parameters_of(call)


def in_words(call: Call) -> str:
    """One line: what was called, what was answered, and why."""
    verdict = f"  {call.verdict}" if call.verdict else ""
    because = f" ({call.reason})" if call.reason else ""
    answered = call.status if call.status is not None else "no answer"
    return f"  {call.method:5} {path_of(call.url):28} {answered}{verdict}{because}"
