"""Both kinds of callback in the order in which they came, to be asserted."""

from collections.abc import Sequence
from typing import Any

from oauthapp.kinds import Kind
from oauthapp.recorder.call import Call
from oauthapp.recorder.heard import Heard
from oauthapp.recorder.inbound import RecordInbound
from oauthapp.recorder.step import path_of
from oauthapp.recorder.store import Recorder
from oauthapp.recorder.timeline import Story
from oauthapp.recorder.timeline import tell
from oauthapp.testing.seen import in_words


class Capture:
    """Hears what provider, sender and, once it is watched, your application hear."""

    def __init__(self, heard: Heard, recorder: Recorder) -> None:
        self._heard = heard
        self._recorder = recorder

    def watch(self, wsgi: Any) -> Any:
        """Your WSGI application, heard from now on.

        For Flask: `app.wsgi_app = capture.watch(app.wsgi_app)`.
        """
        return RecordInbound(wsgi, self._recorder, "app", ignore=())

    @property
    def calls(self) -> Sequence[Call]:
        """Every call, in the order in which they began; secrets left out."""
        return self._heard.all()

    @property
    def story(self) -> Story:
        """The same, with each call between two parties that both heard it told once."""
        return tell(self.calls)

    def assert_order(self, *wanted: Kind | str) -> None:
        """These came in this order, whatever came between them.

        :param wanted: a kind of callback, such as "webhook", or the path of a call.
        :raises AssertionError: when they did not; it tells the whole exchange.
        """
        left = list(wanted)
        for step in self.story.steps:
            if left and left[0] in (step.kind, step.path):
                left.pop(0)
        assert not left, f"{left[0]!r} did not come in this order:\n{self}"

    def __str__(self) -> str:
        lines = [f"{call.party:8} {in_words(call)}" for call in self.calls]
        return "\n".join(lines) or "(no calls)"

    def failures(self) -> str:
        """The calls that were refused or did not work, and why; "" when none was."""
        bad = [call for call in self.calls if call.verdict in ("refused", "failed")]
        return "\n".join(
            f"{call.party} {call.method} {path_of(call.url)}: {call.verdict}, "
            f"{call.reason or 'no reason was given'}\n{call.answer_body}"
            for call in bad
        )
