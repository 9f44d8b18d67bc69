"""Is this message from them? Pure: what came, what we know, what time it is.

The twin of `callbacks/redirect/verify.py`. There the question is whether an answer
belongs to a question *we* asked; here nobody asked, so everything rests on a shared
secret: whoever signed these very bytes, a moment ago, knows it (Standard Webhooks).
"""

import hashlib
import re
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import InitVar
from dataclasses import dataclass

from oauthapp.callbacks.webhook import refusals
from oauthapp.callbacks.webhook.event import text_member
from oauthapp.callbacks.webhook.evidence import Evidence
from oauthapp.callbacks.webhook.refusals import MessageRefused
from oauthapp.callbacks.webhook.schemes import TOLERANCE
from oauthapp.callbacks.webhook.schemes import Scheme

#: Visible ASCII but the ".", which parts what is signed.
_MESSAGE_ID = re.compile(r"[!-\-/-~]{1,256}")
_WHOLE_SECONDS = re.compile(r"[0-9]{1,12}")

_SEAL = object()


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message that was believed. Only this module can make one."""

    id: str
    #: None where the sender says no time.
    timestamp: int | None
    #: Byte for byte as it was signed.
    body: bytes
    #: Which of our secrets it was signed with; None where nobody checked.
    secret: int | None
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

    @property
    def message_id(self) -> str:
        """The message's id, "" when refused."""
        return self.message.id if self.message else ""

    @property
    def timestamp(self) -> int | None:
        """When it was signed; None when refused, or when the sender says no time."""
        return self.message.timestamp if self.message else None

    @property
    def secret(self) -> int | None:
        """Which of our secrets it was signed with, None when refused."""
        return self.message.secret if self.message else None


def all_headers_are_there(seen: Evidence) -> bool:
    return all(seen.header(name) for name in seen.scheme.headers)


def message_id_is_well_formed(seen: Evidence) -> bool:
    return not seen.scheme.id_header or bool(_MESSAGE_ID.fullmatch(seen.message_id))


def timestamp_is_in_whole_seconds(seen: Evidence) -> bool:
    return not seen.scheme.has_time or bool(_WHOLE_SECONDS.fullmatch(seen.timestamp))


def signatures_are_a_list(seen: Evidence) -> bool:
    return bool(seen.signatures)


def a_signature_is_of_our_version(seen: Evidence) -> bool:
    """A version that one of our secrets is for."""
    ours = {key.version for key in seen.keys}
    return any(version in ours for version, _value in seen.signatures)


def a_signature_is_readable(seen: Evidence) -> bool:
    return bool(seen.readable)


def a_signature_is_theirs(seen: Evidence) -> bool:
    return bool(seen.fitting_secrets)


def signed_not_long_ago(seen: Evidence) -> bool:
    return not seen.scheme.has_time or seen.now - int(seen.timestamp) <= TOLERANCE


def signed_not_in_the_future(seen: Evidence) -> bool:
    scheme = seen.scheme
    return not scheme.has_time or int(seen.timestamp) - seen.now <= scheme.ahead


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


def believe(seen: Evidence, without: Collection[str] = frozenset()) -> Message:
    """The message, if it is from them.

    :param without: names of checks that are off.
    :raises MessageRefused: naming the first check that does not hold.
    """
    for holds, refusal in CHECKS:
        if not holds(seen) and holds.__name__ not in without:
            expected = seen.scheme.expected.get(refusal.code, "")
            raise refusal(arrived=_shown(seen), expected=expected)
    return _message(seen)


def verify(
    *,
    scheme: Scheme,
    secrets: Sequence[str],
    headers: Mapping[str, str],
    body: bytes,
    now: float,
) -> Verdict:
    """What is to be made of this message, as a value: whatever came, never raises."""
    evidence = Evidence(
        scheme=scheme, secrets=secrets, headers=headers, body=body, now=now
    )
    return verdict(evidence)


def verdict(seen: Evidence, without: Collection[str] = frozenset()) -> Verdict:
    """The same of what was put together before.

    :param without: names of checks that are off.
    """
    try:
        return Verdict(message=believe(seen, without))
    except MessageRefused as refusal:
        return Verdict(refusal=refusal)


def _message(seen: Evidence) -> Message:
    return Message(
        id=seen.message_id[:256] or _id_in_body(seen),
        timestamp=int(seen.timestamp) if seen.scheme.has_time else None,
        body=seen.body,
        secret=next(iter(seen.fitting_secrets), None),
        seal=_SEAL,
    )


def _id_in_body(seen: Evidence) -> str:
    """What the body says, now that it is believed; else a name for these very bytes."""
    written = text_member(seen.body, seen.scheme.id_member)
    if _MESSAGE_ID.fullmatch(written):
        return written
    return hashlib.sha256(seen.signed).hexdigest()


def _shown(seen: Evidence) -> str:
    """What came but the signatures: an error page is no place to learn one."""
    versions = sorted({version[:8] for version, _value in seen.signatures})
    said = [
        f"id {seen.message_id[:64]!a}" if seen.scheme.id_header else "",
        f"timestamp {seen.timestamp[:24]!a}" if seen.scheme.has_time else "",
        f"signature versions {versions!a}",
        f"{len(seen.body)} bytes of body; our clock says {seen.now:.0f}",
    ]
    return ", ".join(filter(None, said))
