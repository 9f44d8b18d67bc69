"""The kinds of callback, and the four questions each has to answer.

One table for the compare page and the README. The answers are general; what proves
them in a run is found by `recorder/evidence.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from typing import Literal

Question = Literal["who", "method", "trigger", "failure"]

#: In the order in which they are asked.
QUESTIONS: Final[Mapping[Question, str]] = MappingProxyType(
    {
        "who": "Who calls?",
        "method": "With what method?",
        "trigger": "What triggers it?",
        "failure": "What happens on failure?",
    }
)


@dataclass(frozen=True, kw_only=True)
class CallbackKind:
    """One meaning of "callback URL"."""

    #: As calls are marked with it, see `recorder/call.py`.
    kind: str
    name: str
    #: One sentence.
    definition: str
    who: str
    method: str
    trigger: str
    failure: str

    def answer(self, question: Question) -> str:
        """What this kind answers to one of the `QUESTIONS`."""
        answers = {
            "who": self.who,
            "method": self.method,
            "trigger": self.trigger,
            "failure": self.failure,
        }
        return answers[question]


KINDS: Final[tuple[CallbackKind, ...]] = (
    CallbackKind(
        kind="redirect",
        name="Redirect URI",
        definition="An address of ours that the provider sends the user’s browser to, "
        "with its answer in the query.",
        who="The user’s browser, with the user’s cookies. "
        "The provider never connects to us.",
        method="GET. The answer is in the URL: code, state and iss.",
        trigger="A 303 answer of the provider to the browser, once the user has "
        "signed in and agreed. Location names our redirect URI.",
        failure="The user sees an error page. Nobody calls again: "
        "the user has to start over.",
    ),
    CallbackKind(
        kind="webhook",
        name="Webhook",
        definition="An address of ours that another server posts a signed message to "
        "when something has happened there.",
        who="The provider’s server. No browser and no cookie: "
        "only a signature says who it is.",
        method="POST. The message is in the body, as JSON; "
        "its id, time and signature are in headers.",
        trigger="The event itself: the provider wrote down that a session began, "
        "and its worker sends that to every registered endpoint.",
        failure="Nobody sees it. The sender calls again on a schedule, "
        "with the same message id, until we answer 2xx or it gives up.",
    ),
)
