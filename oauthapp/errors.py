"""Everything that can go wrong, and what a reader is told about it.

    OauthappError
    ├── SettingsError         our own configuration; seen at start, exit code 2
    ├── InputUnusable         what a command was given; exit code 2
    ├── Refused               they are wrong: do not retry (4xx)
    │   ├── NotFound, NotSignedIn, CsrfMismatch, MethodNotAllowed
    │   ├── TooMany           429, of one kind in a short time: later, not now
    │   ├── AnswerRefused     callbacks/redirect/refusals.py
    │   ├── MessageRefused    callbacks/webhook/refusals.py
    │   └── RequestRefused    callers/provider/refusals.py
    └── CallFailed            it did not work: maybe retry (5xx)
        ├── StoreUnavailable  503, our own database
        ├── Full              503, it holds as much as it may
        └── ProviderFailed    callbacks/redirect/refusals.py: 502 and 504

A class is a reason: `code` is stable and may be relied on, `status` is what the
answer carries, the docstring's first line is the message. What is particular to
one case (what arrived, what was expected) is given to the instance, masked.
"""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """What an error page says: the reason, both sides of it, and the way back."""

    code: str
    status: int
    message: str
    arrived: str
    expected: str
    cause: str
    remedy: str
    #: Where `arrived` and `expected` part, counted from 0, if they are to be compared.
    difference: int | None = None
    #: Where the page leads on: a path of ours.
    onward: str = "/"


class OauthappError(Exception):
    """Something went wrong."""

    #: Stable reason code: error pages, JSON, logs, verdicts and tests share it.
    code: ClassVar[str] = "error"
    #: HTTP status of the answer.
    status: ClassVar[int] = 500
    #: What would have been right; an instance may say it more exactly.
    expected: str = ""
    #: Set where `arrived` and `expected` are to be compared character by character.
    difference: int | None = None
    #: Where to go from here; an instance may know better than the front page.
    onward: str = "/"
    #: The most likely cause, in words a newcomer understands.
    cause: ClassVar[str] = ""
    #: What to do now.
    remedy: ClassVar[str] = ""

    #: Seconds after which the caller may try again; 0: there is nothing to wait for.
    retry_after: int = 0

    def __init__(self, *, arrived: str = "", expected: str = "") -> None:
        super().__init__(self.message())
        self.arrived = arrived
        self.expected = expected or self.expected

    @classmethod
    def message(cls) -> str:
        """The first line of the class's docstring."""
        return (cls.__doc__ or cls.__name__).strip().splitlines()[0]

    def explain(self) -> Explanation:
        """All that may be shown; secrets were masked by whoever raised it."""
        return Explanation(
            code=self.code,
            status=self.status,
            message=self.message(),
            arrived=self.arrived,
            expected=self.expected,
            cause=self.cause,
            remedy=self.remedy,
            difference=self.difference,
            onward=self.onward,
        )


class SettingsError(OauthappError):
    """The settings cannot be used."""

    code = "settings"

    def __init__(self, problem: str) -> None:
        """:param problem: one line: the key's name and what to write."""
        Exception.__init__(self, _in_one_line(problem))


class InputUnusable(OauthappError):
    """A command cannot use what it was given."""

    code = "input"

    def __init__(self, problem: str) -> None:
        """:param problem: one line: what it is about and what to write."""
        Exception.__init__(self, _in_one_line(problem))


def _in_one_line(problem: str) -> str:
    """`problem` for a terminal: names in it may be anybody's, line breaks and all."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in problem)


class Refused(OauthappError):
    """This request is refused."""

    code = "refused"
    status = 400


class CallFailed(OauthappError):
    """A call did not work."""

    code = "call_failed"
    status = 502


class TooMany(Refused):
    """There were too many of these in a short time."""

    code = "too_many"
    status = 429
    remedy = "Wait, then try again."

    def __init__(self, *, retry_after: int) -> None:
        """:param retry_after: seconds until one more is free."""
        seconds = "1 second" if retry_after == 1 else f"{retry_after} seconds"
        super().__init__(expected=f"the next one in {seconds} at the earliest")
        self.retry_after = retry_after


class NotFound(Refused):
    """There is no page at this address."""

    code = "not_found"
    status = 404
    remedy = "Check the address, or start again from the front page."


class MethodNotAllowed(Refused):
    """This address does not answer that method."""

    code = "method_not_allowed"
    status = 405
    cause = (
        "Addresses are called in one way each: a webhook’s by another server’s POST, "
        "a redirect URI by a browser that a provider sends."
    )
    remedy = "The header Allow says with what method it can be called."


class NotSignedIn(Refused):
    """Nobody is signed in."""

    code = "not_signed_in"
    status = 401
    expected = "a session cookie that belongs to a session we hold"
    cause = "You have not signed in yet, you signed out, or the session has expired."
    remedy = "Sign in, then come back."


class CsrfMismatch(Refused):
    """This form was not sent from one of our own pages."""

    code = "csrf_mismatch"
    expected = "the CSRF token this page was given when it was shown to you"
    cause = (
        "The page was open since before you signed in or out, cookies are blocked, "
        "or another site sent the form in your name."
    )
    remedy = "Go back, reload the page and send the form again."


class StoreUnavailable(CallFailed):
    """The database does not answer, so nothing was accepted."""

    code = "store_unavailable"
    status = 503
    cause = "The disk is full, the database is locked, or its server is away."
    remedy = "Try again in a few seconds; what was not acknowledged was not kept."
    retry_after = 5


class Full(CallFailed):
    """There is no room for one more, so nothing was accepted."""

    code = "full"
    status = 503
    remedy = "Try again in a few seconds; what was not acknowledged was not kept."
    retry_after = 5
