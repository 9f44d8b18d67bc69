"""Why does a webhook's signature fit or not? A verdict with all that explains it. Pure.

For whoever holds the secret: it tells the right signature, which no error page does.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import replace
from datetime import UTC
from datetime import datetime

from oauthapp.callbacks.webhook.evidence import Evidence
from oauthapp.callbacks.webhook.refusals import SignatureMismatch
from oauthapp.callbacks.webhook.schemes import SCHEMES
from oauthapp.callbacks.webhook.verify import Verdict
from oauthapp.callbacks.webhook.verify import verify
from oauthapp.callers.sender.sign import signed_headers
from oauthapp.errors import Explanation


@dataclass(frozen=True, kw_only=True)
class Report:
    """A verdict, why it was given, and what to do."""

    accepted: bool
    #: The reason code, "" when accepted.
    reason: str = ""
    message_id: str = ""
    timestamp: int | None = None
    #: Which of the secrets fitted, counted from 1.
    secret_number: int | None = None
    why: str = ""
    expected: tuple[str, ...] = ()
    received: tuple[str, ...] = ()
    cause: str = ""
    remedy: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        return asdict(self)

    def in_words(self) -> str:
        """For people: the verdict, then a line for each thing worth knowing."""
        lines = ["accepted" if self.accepted else f"refused: {self.reason}"]
        for name, said in self._said():
            for line in filter(None, said):
                lines.append(f"  {name:11} {line}")
                name = ""
        return "\n".join(lines)

    def _said(self) -> Sequence[tuple[str, Sequence[str]]]:
        at = "" if self.timestamp is None else _in_words(self.timestamp)
        number = "" if self.secret_number is None else f"number {self.secret_number}"
        return (
            ("message id", [self.message_id]),
            ("signed at", [at]),
            ("secret", [number]),
            ("why", [self.why]),
            ("expected", self.expected),
            ("received", self.received),
            ("cause", [self.cause]),
            ("do", self.remedy),
        )


def report(
    scheme: str,
    *,
    secrets: Sequence[str],
    headers: Mapping[str, str],
    body: bytes,
    now: float,
) -> Report:
    """What `verify` makes of a message, explained."""
    seen = Evidence(
        scheme=SCHEMES[scheme], secrets=secrets, headers=headers, body=body, now=now
    )
    verdict = _verdict(seen)
    if verdict.refusal is not None:
        return _refused(scheme, seen, verdict.refusal.explain())
    return Report(
        accepted=True,
        message_id=verdict.message_id,
        timestamp=verdict.timestamp,
        secret_number=None if verdict.secret is None else verdict.secret + 1,
    )


def _verdict(seen: Evidence) -> Verdict:
    return verify(
        scheme=seen.scheme,
        secrets=seen.secrets,
        headers=seen.headers,
        body=seen.body,
        now=seen.now,
    )


def _refused(scheme: str, seen: Evidence, said: Explanation) -> Report:
    expected, received = [said.expected], [said.arrived]
    if said.code == SignatureMismatch.code:
        name = seen.scheme.signature_header
        expected += _right_ones(scheme, seen)
        received.append(f"{name}: {seen.header(name)!a}")
    remedy = said.remedy, _trailing(seen), _other_scheme(scheme, seen)
    return Report(
        accepted=False,
        reason=said.code,
        why=said.message,
        expected=tuple(expected),
        received=tuple(received),
        cause=said.cause,
        remedy=tuple(filter(None, remedy)),
    )


def _right_ones(scheme: str, seen: Evidence) -> list[str]:
    """The signature that each secret would have made; a public key can make none."""
    lines = []
    for key in seen.keys:
        if seen.secrets[key.index].startswith("whpk_"):
            continue
        headers = signed_headers(
            scheme=scheme,
            secret=seen.secrets[key.index],
            message_id=seen.message_id,
            timestamp=int(seen.timestamp or 0),
            body=seen.body,
        )
        right = {name.lower(): value for name, value in headers.items()}
        name = seen.scheme.signature_header
        lines.append(f"{name}: {right[name]!a} by secret {key.index + 1}")
    return lines


def _trailing(seen: Evidence) -> str:
    """Editors and `echo` end a file with a line break that was never signed."""
    shorter = seen.body.removesuffix(b"\n").removesuffix(b"\r")
    if shorter == seen.body or not _verdict(replace(seen, body=shorter)).accepted:
        return ""
    return "It fits without the line break at the end of the body: remove that."


def _other_scheme(scheme: str, seen: Evidence) -> str:
    """Whose headers these are, where they are another scheme's."""
    if seen.header(seen.scheme.signature_header):
        return ""
    for name, other in SCHEMES.items():
        if name != scheme and seen.header(other.signature_header):
            return f"The headers are those of another scheme: try --scheme {name}."
    return ""


def _in_words(timestamp: int) -> str:
    try:
        return f"{timestamp} ({datetime.fromtimestamp(timestamp, UTC):%F %T} UTC)"
    except (ValueError, OverflowError, OSError):  # beyond the calendar
        return str(timestamp)
