"""The kinds of callback, and the questions each has to answer.

One table for the compare page and the README. The answers are general; what proves
them in a run is found by `recorder/evidence.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from typing import Literal

Question = Literal["who", "method", "trigger", "failure", "person"]
#: As calls are marked, see `recorder/call.py`.
Kind = Literal["redirect", "webhook", "callback_url", "polling", "in-process"]

#: In the order in which they are asked: the four questions, and one more.
QUESTIONS: Final[Mapping[Question, str]] = MappingProxyType(
    {
        "who": "Who calls?",
        "method": "With what method?",
        "trigger": "What triggers it?",
        "failure": "What happens on failure?",
        "person": "Does a person see it?",
    }
)


@dataclass(frozen=True, kw_only=True)
class CallbackKind:
    """One meaning of "callback URL"."""

    kind: Kind
    name: str
    #: One sentence.
    definition: str
    who: str
    method: str
    trigger: str
    failure: str
    person: str

    def answer(self, question: Question) -> str:
        """What this kind answers to one of the `QUESTIONS`."""
        answers: Mapping[Question, str] = {
            "who": self.who,
            "method": self.method,
            "trigger": self.trigger,
            "failure": self.failure,
            "person": self.person,
        }
        return answers[question]


REDIRECT: Final = CallbackKind(
    kind="redirect",
    name="Redirect URI",
    definition="An address of ours that the provider sends the user’s browser to, "
    "with its answer in the query.",
    who="The user’s browser, with the user’s cookies. "
    "The provider’s server does not make this call.",
    method="GET, with the answer in the URL: code, state and iss. "
    "With response_mode=form_post a POST, with the answer in a form.",
    trigger="An answer of the provider to the browser, once the user has signed in "
    "and agreed: a 303 whose Location is our redirect URI, or a form.",
    failure="The user sees an error page. Nobody calls again: "
    "the user has to start over.",
    person="Yes: somebody sits at the browser and waits for the next page.",
)

WEBHOOK: Final = CallbackKind(
    kind="webhook",
    name="Webhook",
    definition="An address of ours that another server posts a signed message to "
    "when something has happened there.",
    who="The provider’s server. No browser and no cookie: "
    "only a signature says who it is.",
    method="POST. The message is in the body; its id, time and signature are "
    "in headers, or in the message itself.",
    trigger="The event itself: the provider wrote down that it happened, "
    "and its worker sends that to every registered endpoint.",
    failure="Nobody sees it. The sender calls again on a schedule, "
    "with the same message id, until we answer 2xx or it gives up.",
    person="No: the caller is a program that wants a status code.",
)

CALLBACK_URL: Final = CallbackKind(
    kind="callback_url",
    name="callback_url",
    definition="An address that one request names for its own result: "
    "“do this, and tell me there when it is done”.",
    who="The server that was given the work, or the news. It proves itself by a "
    "signature or credentials, and names what it answers.",
    method="POST, once for one job. The result is in the body.",
    trigger="An earlier call, the other way round, named this address; "
    "and now the work is done.",
    failure="The result is sent again on a schedule. "
    "It is not lost even then: the job can still be read.",
    person="No: whoever asked for the work has long gone on.",
)

POLLING: Final = CallbackKind(
    kind="polling",
    name="Polling",
    definition="No callback at all: we ask again and again whether it is done.",
    who="We do. Our server asks theirs; nobody needs to reach us.",
    method="GET on the address that the 202 answer named in Location.",
    trigger="Our own clock: after as many seconds as Retry-After asked for.",
    failure="We ask again. Only we know that we asked, so only we can give up.",
    person="No: a worker of ours asks.",
)

IN_PROCESS: Final = CallbackKind(
    kind="in-process",
    name="In-process callback",
    definition="A function that is handed over to be called later, "
    "in the same process.",
    who="Code of the same process. No network, no caller to prove: "
    "it is already inside.",
    method="A function call. There is no HTTP method, no address and no status.",
    trigger="A signal that this code sends, in the same moment.",
    failure="An exception, at once, where the signal was sent. "
    "If the process dies, the call is gone.",
    person="No: unless the code that sent the signal tells somebody.",
)

KINDS: Final[tuple[CallbackKind, ...]] = (
    REDIRECT,
    WEBHOOK,
    CALLBACK_URL,
    POLLING,
    IN_PROCESS,
)

#: The same by their names.
BY_KIND: Final[Mapping[Kind, CallbackKind]] = MappingProxyType(
    {one.kind: one for one in KINDS}
)
