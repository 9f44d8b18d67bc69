"""Did the provider tell us of a security event? Pure.

The twin of `callbacks/webhook/verify.py` for tokens: what is signed is a JWT with the
provider's key (RFC 8417 §2), not the bytes with a shared secret. It has no expiry: an
event does not stop having happened. Its id is kept, so that it counts once.
"""

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import InitVar
from dataclasses import dataclass
from typing import Any

from oauthapp.callbacks.security_event import refusals
from oauthapp.callbacks.security_event.refusals import EventRefused

#: Seconds by which two clocks may differ.
LEEWAY = 60

_SEAL = object()


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Header and claims whose signature was checked, beside what they must be."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    #: The token itself.
    body: bytes
    issuer: str
    client_id: str
    now: float

    def text(self, name: str) -> str:
        """The claim when it is text that every database can keep, else ""."""
        value = self.claims.get(name)
        return value if isinstance(value, str) and value.isprintable() else ""


@dataclass(frozen=True, kw_only=True)
class SecurityEvent:
    """An event that was believed. Only `believe` makes one."""

    id: str
    timestamp: int
    #: The URI of the event; of several, the first.
    event_type: str
    #: The token as it came.
    body: bytes
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("only believe() makes a SecurityEvent")


def says_what_it_is(seen: Evidence) -> bool:
    typ = seen.header.get("typ")
    # A media type's "application/" may be left out (RFC 7515 §4.1.9).
    return isinstance(typ, str) and typ.lower().removeprefix("application/") == (
        "secevent+jwt"
    )


def issued_by_the_provider(seen: Evidence) -> bool:
    return bool(seen.claims.get("iss") == seen.issuer)


def meant_for_us_alone(seen: Evidence) -> bool:
    return seen.claims.get("aud") in (seen.client_id, [seen.client_id])


def not_issued_in_future(seen: Evidence) -> bool:
    iat = seen.claims.get("iat")
    if isinstance(iat, bool) or not isinstance(iat, int | float):
        return False
    return 0 <= iat <= seen.now + LEEWAY


def has_an_id(seen: Evidence) -> bool:
    return 0 < len(seen.text("jti")) <= 255


def tells_of_an_event(seen: Evidence) -> bool:
    events = seen.claims.get("events")
    if not isinstance(events, dict) or not events:
        return False
    named = all(0 < len(name) <= 255 and name.isprintable() for name in events)
    return named and all(isinstance(event, dict) for event in events.values())


Check = tuple[Callable[[Evidence], bool], type[EventRefused]]

#: In this order; the first that does not hold is the reason.
CHECKS: Sequence[Check] = (
    (says_what_it_is, refusals.TypeWrong),
    (issued_by_the_provider, refusals.IssuerWrong),
    (meant_for_us_alone, refusals.AudienceWrong),
    (not_issued_in_future, refusals.IssuedAtWrong),
    (has_an_id, refusals.IdMissing),
    (tells_of_an_event, refusals.NoEvent),
)


def believe(seen: Evidence, without: Collection[str] = frozenset()) -> SecurityEvent:
    """The checked event.

    :param without: names of checks that are off, `event_token.` before each.
    :raises EventRefused: naming the first check that does not hold.
    """
    for holds, refusal in CHECKS:
        if not holds(seen) and f"event_token.{holds.__name__}" not in without:
            raise refusal
    return SecurityEvent(
        id=seen.text("jti"),
        timestamp=int(seen.claims["iat"]),
        event_type=next(iter(seen.claims["events"])),
        body=seen.body,
        seal=_SEAL,
    )
