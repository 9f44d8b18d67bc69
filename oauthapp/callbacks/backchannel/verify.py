"""Did the provider tell us, just now, to sign somebody out? Pure.

The twin of `callbacks/webhook/verify.py`: a server calls, nobody is looking. What is
signed here is a JWT with the provider's key, not the bytes with a shared secret
(OpenID Connect Back-Channel Logout 1.0 §2.6).
"""

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from oauthapp.callbacks.backchannel import refusals
from oauthapp.callbacks.backchannel.refusals import LogoutRefused

#: Seconds by which two clocks may differ.
LEEWAY = 60
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"

_SEAL = object()


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Claims whose signature was checked, beside what they must be."""

    claims: Mapping[str, Any]
    issuer: str
    client_id: str
    now: float

    def text(self, name: str) -> str:
        """The claim when it is text that every database can keep, else ""."""
        value = self.claims.get(name)
        return value if isinstance(value, str) and value.isprintable() else ""

    def seconds(self, name: str) -> float | None:
        """The claim when it is a number of seconds, else None."""
        value = self.claims.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return float(value) if abs(value) < 1e12 else None


class Logout:
    """A logout that was believed. Only `believe` makes one."""

    def __init__(
        self, seal: object, *, jti: str, sub: str, sid: str, expires_at: float
    ) -> None:
        if seal is not _SEAL:
            raise TypeError("only believe() makes a Logout")
        self.jti = jti
        #: Whose sessions end, and which one; "" where the token does not say.
        self.sub = sub
        self.sid = sid
        self.expires_at = expires_at


def issued_by_the_provider(seen: Evidence) -> bool:
    return bool(seen.claims.get("iss") == seen.issuer)


def meant_for_us_alone(seen: Evidence) -> bool:
    return seen.claims.get("aud") in (seen.client_id, [seen.client_id])


def not_issued_in_future(seen: Evidence) -> bool:
    iat = seen.seconds("iat")
    return iat is not None and iat <= seen.now + LEEWAY


def not_expired(seen: Evidence) -> bool:
    exp = seen.seconds("exp")
    return exp is not None and seen.now < exp + LEEWAY


def says_it_is_a_logout(seen: Evidence) -> bool:
    events = seen.claims.get("events")
    return isinstance(events, dict) and isinstance(events.get(LOGOUT_EVENT), dict)


def names_a_session_or_a_user(seen: Evidence) -> bool:
    named = [name for name in ("sub", "sid") if name in seen.claims]
    return bool(named) and all(seen.text(name) for name in named)


def carries_no_nonce(seen: Evidence) -> bool:
    return "nonce" not in seen.claims


def has_an_id(seen: Evidence) -> bool:
    return 0 < len(seen.text("jti")) <= 255


Check = tuple[Callable[[Evidence], bool], type[LogoutRefused]]

#: In this order; the first that does not hold is the reason.
CHECKS: Sequence[Check] = (
    (issued_by_the_provider, refusals.IssuerWrong),
    (meant_for_us_alone, refusals.AudienceWrong),
    (not_issued_in_future, refusals.IssuedAtWrong),
    (not_expired, refusals.Expired),
    (says_it_is_a_logout, refusals.NotALogout),
    (names_a_session_or_a_user, refusals.NobodyNamed),
    (carries_no_nonce, refusals.NonceForbidden),
    (has_an_id, refusals.IdMissing),
)


def believe(seen: Evidence, without: Collection[str] = frozenset()) -> Logout:
    """The checked logout.

    :param without: names of checks that are off, `logout_token.` before each.
    :raises LogoutRefused: naming the first check that does not hold.
    """
    for holds, refusal in CHECKS:
        if not holds(seen) and f"logout_token.{holds.__name__}" not in without:
            raise refusal
    return Logout(
        _SEAL,
        jti=seen.text("jti"),
        sub=seen.text("sub"),
        sid=seen.text("sid"),
        expires_at=(seen.seconds("exp") or seen.now) + LEEWAY,
    )
