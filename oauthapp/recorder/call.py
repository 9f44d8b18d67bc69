"""What is a call? One HTTP request with its answer, as either party saw it."""

import secrets
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from dataclasses import field
from itertools import count
from typing import Literal

from oauthapp.kinds import Kind
from oauthapp.scenarios import Party

Direction = Literal["inbound", "outbound"]
#: What the callee made of it; "" while nobody said.
Verdict = Literal["", "accepted", "refused", "failed"]

#: What stands where a request has its method: our own code called our own code.
SIGNAL = "SIGNAL"

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request and its answer, secrets already replaced by keyed hashes."""

    id: str
    party: Party
    direction: Direction
    #: Unix seconds when the request began, milliseconds until the answer ended.
    at: float
    ms: float
    method: str
    url: str
    request_headers: Headers
    request_body: str
    #: None when there was no answer.
    status: int | None
    answer_headers: Headers
    answer_body: str
    kind: Kind
    verdict: Verdict
    reason: str
    #: The inbound call during which this outbound one was made.
    parent_id: str | None
    #: The outbound call of the other party that this inbound one answers.
    caller_id: str | None
    #: "name:hash" of what it shares with other calls: state, code, sid, message.
    links: frozenset[str]


#: Is told of calls once they are kept: of all that were written together.
Listener = Callable[[Sequence[Call]], None]


@dataclass
class Notes:
    """What the rooms say about the call under way; the recorder keeps it at the end."""

    call_id: str
    kind: Kind = "redirect"
    verdict: Verdict = ""
    reason: str = ""
    #: Reason codes of what is remarkable about it though it is accepted.
    remarks: list[str] = field(default_factory=list)
    #: Name and value, such as ("sid", "…"); hashed before anything is kept.
    shares: list[tuple[str, str]] = field(default_factory=list)
    #: About the calls that we make, and not about the one that we answer.
    outward: bool = False


#: Notes of the inbound call this thread is answering, if any.
current_notes: ContextVar[Notes | None] = ContextVar("current_notes", default=None)


def note(
    *, kind: Kind | None = None, verdict: Verdict | None = None, reason: str = ""
) -> None:
    """Say what kind of callback the current call is, and what was made of it."""
    notes = current_notes.get()
    if notes is None:
        return
    if kind is not None:
        notes.kind = kind
    if verdict is not None:
        notes.verdict, notes.reason = verdict, reason
    if verdict == "accepted":
        notes.reason = " ".join(filter(None, [reason, *notes.remarks]))


def remark(*codes: str) -> None:
    """Say what is remarkable about the current call, should it be accepted."""
    notes = current_notes.get()
    if notes is not None:
        new = [code for code in codes if code and code not in notes.remarks]
        notes.remarks.extend(new)


def share(name: str, value: str) -> None:
    """Say that the current call is about this `sid`, `message` or the like."""
    notes = current_notes.get()
    if notes is not None and value:
        notes.shares.append((name, value))


@contextmanager
def calling_as(kind: Kind, *shares: tuple[str, str]) -> Iterator[None]:
    """Say of what kind our own calls in this block are, and what they share."""
    answered = current_notes.get()
    notes = Notes(
        call_id=answered.call_id if answered else "",
        kind=kind,
        shares=list(shares),
        outward=True,
    )
    before = current_notes.set(notes)
    try:
        yield
    finally:
        current_notes.reset(before)


#: The first half of this process's call ids, and the numbers that make the other.
_PROCESS = secrets.token_hex(4)
_numbers = count(1)


def new_call_id() -> str:
    """16 hex digits: a span id of W3C Trace Context.

    A process counts its calls from a number of its own: neighbours in time are so in
    the indexes too, and to keep many calls few of their pages are written.
    """
    return f"{_PROCESS}{next(_numbers) & 0xFFFFFFFF:08x}"
