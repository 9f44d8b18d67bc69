"""What was heard of a call, and what of it may be kept. Pure."""

from dataclasses import dataclass

from oauthapp.kinds import Kind
from oauthapp.recorder.call import Call
from oauthapp.recorder.call import Direction
from oauthapp.recorder.call import Headers
from oauthapp.recorder.call import Verdict
from oauthapp.recorder.kept import header
from oauthapp.recorder.redact import Redactor
from oauthapp.scenarios import Party


@dataclass(frozen=True, kw_only=True)
class Observation:
    """A call as it was heard, secrets and all: never kept, only redacted."""

    id: str
    party: Party
    direction: Direction
    at: float
    ms: float
    method: str
    url: str
    request_headers: Headers
    request_body: bytes
    status: int | None
    answer_headers: Headers
    answer_body: bytes
    kind: Kind
    verdict: Verdict
    reason: str
    parent_id: str | None = None
    caller_id: str | None = None
    shares: tuple[tuple[str, str], ...] = ()


def redacted(heard: Observation, key: bytes) -> Call:
    """The call without its secrets, and with what it shares with others."""
    redact = Redactor(key)
    for name, value in heard.shares:
        redact.link(name, value)
    return Call(
        id=heard.id,
        party=heard.party,
        direction=heard.direction,
        at=heard.at,
        ms=round(heard.ms, 2),
        method=heard.method,
        url=redact.url(heard.url),
        request_headers=redact.headers(heard.request_headers),
        request_body=_body(redact, heard.request_body, heard.request_headers)
        or _unread(heard.request_headers),
        status=heard.status,
        answer_headers=redact.headers(heard.answer_headers),
        answer_body=_body(redact, heard.answer_body, heard.answer_headers),
        kind=heard.kind,
        verdict=heard.verdict,
        reason=heard.reason,
        parent_id=heard.parent_id,
        caller_id=heard.caller_id,
        links=frozenset(redact.links),
    )


def _body(redact: Redactor, body: bytes, headers: Headers) -> str:
    if not body:
        return ""
    return redact.body(body, header(headers, "content-type"))


def _unread(headers: Headers) -> str:
    """What stands for a body that was told of and never read: it was refused before."""
    told = header(headers, "content-length")
    size = int(told) if told.isascii() and told.isdecimal() and len(told) < 19 else 0
    return f"[not read, {size} bytes]" if size else ""
