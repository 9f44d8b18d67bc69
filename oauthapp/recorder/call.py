"""What is a call? One HTTP request with its answer, as either party saw it."""

import secrets
from contextvars import ContextVar
from dataclasses import dataclass
from dataclasses import field
from typing import Literal

Party = Literal["app", "provider"]
Direction = Literal["inbound", "outbound"]
#: Which kind of callback a call belongs to; see `kinds.py`.
Kind = Literal["redirect", "webhook"]
#: What the callee made of it; "" while nobody said.
Verdict = Literal["", "accepted", "refused", "failed"]

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


@dataclass
class Notes:
    """What the rooms say about the call under way; the recorder keeps it at the end."""

    call_id: str
    kind: Kind = "redirect"
    verdict: Verdict = ""
    reason: str = ""
    #: Name and value, such as ("sid", "…"); hashed before anything is kept.
    shares: list[tuple[str, str]] = field(default_factory=list)


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


def share(name: str, value: str) -> None:
    """Say that the current call is about this `sid`, `message` or the like."""
    notes = current_notes.get()
    if notes is not None and value:
        notes.shares.append((name, value))


def new_call_id() -> str:
    """16 hex digits: a span id of W3C Trace Context."""
    return secrets.token_hex(8)
