"""Is this message from them? Pure: what came, what we know, what time it is.

The twin of `callbacks/redirect/verify.py`. There the question is whether an answer
belongs to a question *we* asked; here nobody asked, so everything rests on a shared
secret: whoever signed these very bytes, a moment ago, knows it (Standard Webhooks).
"""

import re
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import InitVar
from dataclasses import dataclass
from functools import cached_property
from hmac import compare_digest

from oauthapp.callbacks.webhook import refusals
from oauthapp.callbacks.webhook.refusals import MessageRefused
from oauthapp.callbacks.webhook.schemes import STANDARD
from oauthapp.callbacks.webhook.schemes import Scheme

#: Seconds that a message's time and our clock may differ, either way.
TOLERANCE = 300

#: Visible ASCII but the ".", which parts what is signed.
_MESSAGE_ID = re.compile(r"[!-\-/-~]{1,256}")
_WHOLE_SECONDS = re.compile(r"[0-9]{1,12}")
#: The base64 of 32 bytes.
_DIGEST = re.compile(r"[A-Za-z0-9+/]{43}=")

_SEAL = object()


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """All that the checks may look at."""

    secrets: Sequence[str]
    #: Names in any case.
    headers: Mapping[str, str]
    body: bytes
    now: float
    scheme: Scheme = STANDARD

    def header(self, name: str) -> str:
        """The header's value, "" when it is missing."""
        found = (value for key, value in self.headers.items() if key.lower() == name)
        return next(found, "")

    @cached_property
    def message_id(self) -> str:
        return self.header(self.scheme.id_header)

    @cached_property
    def timestamp(self) -> str:
        return self.header(self.scheme.timestamp_header)

    @cached_property
    def signatures(self) -> list[tuple[str, str]]:
        """Version and value of each; what is no such pair is left out."""
        items = self.header(self.scheme.signature_header).split(" ")
        pairs = (item.partition(",") for item in items)
        return [(version, value) for version, comma, value in pairs if comma]

    @cached_property
    def comparable(self) -> list[bytes]:
        """The signatures of our version that are base64 of a digest."""
        ours = (value for ver, value in self.signatures if ver == self.scheme.version)
        return [value.encode() for value in ours if _DIGEST.fullmatch(value)]


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message that was believed. Only this module can make one."""

    id: str
    timestamp: int
    #: Byte for byte as it was signed.
    body: bytes
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("a Message is made by verifying one")


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Either the message or why it is refused."""

    message: Message | None = None
    refusal: MessageRefused | None = None

    @property
    def accepted(self) -> bool:
        return self.message is not None

    @property
    def reason(self) -> str:
        """The refusal's code, "" when accepted."""
        return self.refusal.code if self.refusal else ""


def all_headers_are_there(seen: Evidence) -> bool:
    return bool(
        seen.message_id and seen.timestamp and seen.header(seen.scheme.signature_header)
    )


def message_id_is_well_formed(seen: Evidence) -> bool:
    return _MESSAGE_ID.fullmatch(seen.message_id) is not None


def timestamp_is_in_whole_seconds(seen: Evidence) -> bool:
    return _WHOLE_SECONDS.fullmatch(seen.timestamp) is not None


def signatures_are_a_list(seen: Evidence) -> bool:
    return bool(seen.signatures)


def a_signature_is_of_our_version(seen: Evidence) -> bool:
    return any(version == seen.scheme.version for version, _value in seen.signatures)


def a_signature_is_readable(seen: Evidence) -> bool:
    return bool(seen.comparable)


def a_signature_is_theirs(seen: Evidence) -> bool:
    expected = [
        seen.scheme.sign(
            key, message_id=seen.message_id, timestamp=seen.timestamp, body=seen.body
        ).encode()
        for key in seen.scheme.keys(seen.secrets)
    ]
    pairs = ((right, given) for right in expected for given in seen.comparable)
    return any(compare_digest(right, given) for right, given in pairs)


def signed_not_long_ago(seen: Evidence) -> bool:
    return seen.now - int(seen.timestamp) <= TOLERANCE


def signed_not_in_the_future(seen: Evidence) -> bool:
    return int(seen.timestamp) - seen.now <= TOLERANCE


Check = tuple[Callable[[Evidence], bool], type[MessageRefused]]

#: In this order; the first that does not hold is the reason.
CHECKS: Sequence[Check] = (
    (all_headers_are_there, refusals.HeaderMissing),
    (message_id_is_well_formed, refusals.MessageIdMalformed),
    (timestamp_is_in_whole_seconds, refusals.TimestampMalformed),
    (signatures_are_a_list, refusals.SignatureMalformed),
    (a_signature_is_of_our_version, refusals.SignatureVersionUnknown),
    (a_signature_is_readable, refusals.SignatureMalformed),
    (a_signature_is_theirs, refusals.SignatureMismatch),
    (signed_not_long_ago, refusals.TimestampTooOld),
    (signed_not_in_the_future, refusals.TimestampInFuture),
)


def believe(seen: Evidence) -> Message:
    """The message, if it is from them.

    :raises MessageRefused: naming the first check that does not hold.
    """
    for holds, refusal in CHECKS:
        if not holds(seen):
            raise refusal(arrived=_shown(seen))
    timestamp = int(seen.timestamp)
    return Message(id=seen.message_id, timestamp=timestamp, body=seen.body, seal=_SEAL)


def verify(
    *, secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: float
) -> Verdict:
    """What is to be made of this message, as a value: whatever came, never raises."""
    evidence = Evidence(secrets=secrets, headers=headers, body=body, now=now)
    try:
        return Verdict(message=believe(evidence))
    except MessageRefused as refusal:
        return Verdict(refusal=refusal)


def _shown(seen: Evidence) -> str:
    """What came but the signatures: an error page is no place to learn one."""
    versions = sorted({version[:8] for version, _value in seen.signatures})
    return (
        f"id {seen.message_id[:64]!a}, timestamp {seen.timestamp[:24]!a}, "
        f"signature versions {versions!a}, {len(seen.body)} bytes of body; "
        f"our clock says {seen.now:.0f}"
    )
