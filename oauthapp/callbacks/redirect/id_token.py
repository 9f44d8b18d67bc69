"""Who signed in, and is that meant for us? Pure: a token, keys, what we expect.

Read `CLAIM_CHECKS` from top to bottom (OIDC Core §3.1.3.7, RFC 8725). The signature
comes first: nothing inside an unsigned token is looked at.
"""

import base64
import hashlib
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from joserfc.jwk import Key

from oauthapp.callbacks.redirect import id_token_refusals as refusals
from oauthapp.callbacks.redirect.id_token_refusals import IdTokenRefused
from oauthapp.callbacks.redirect.token_claims import signed_claims

#: Seconds by which two clocks may differ.
LEEWAY = 60


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What the id_token of this login must say."""

    issuer: str
    client_id: str
    alg: str
    nonce: str
    access_token: str
    now: float


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """Claims whose signature was checked, beside what they must be."""

    claims: Mapping[str, Any]
    expected: Expected

    def number(self, name: str) -> float | None:
        """The claim as a number of seconds; None when it is none."""
        value = self.claims.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return float(value) if abs(value) < 1e12 else None


def issued_by_the_provider(seen: Claimed) -> bool:
    return bool(seen.claims.get("iss") == seen.expected.issuer)


def meant_for_us_alone(seen: Claimed) -> bool:
    return seen.claims.get("aud") in (
        seen.expected.client_id,
        [seen.expected.client_id],
    )


def given_to_us(seen: Claimed) -> bool:
    client_id = seen.expected.client_id
    return bool(seen.claims.get("azp", client_id) == client_id)


def not_expired(seen: Claimed) -> bool:
    exp = seen.number("exp")
    return exp is not None and seen.expected.now < exp + LEEWAY


def not_issued_in_future(seen: Claimed) -> bool:
    iat = seen.number("iat")
    return iat is not None and iat <= seen.expected.now + LEEWAY


def valid_by_now(seen: Claimed) -> bool:
    if "nbf" not in seen.claims:
        return True
    nbf = seen.number("nbf")
    return nbf is not None and nbf <= seen.expected.now + LEEWAY


def nonce_is_ours(seen: Claimed) -> bool:
    return bool(seen.claims.get("nonce") == seen.expected.nonce)


def access_token_belongs_to_it(seen: Claimed) -> bool:
    if "at_hash" not in seen.claims:
        return True
    half = half_hash(seen.expected.access_token, seen.expected.alg)
    return bool(seen.claims["at_hash"] == half)


def says_who(seen: Claimed) -> bool:
    sub = seen.claims.get("sub")
    if not isinstance(sub, str) or not 0 < len(sub) <= 255:
        return False
    return sub.isascii() and sub.isprintable()  # PostgreSQL keeps no NUL


Check = tuple[Callable[[Claimed], bool], type[IdTokenRefused]]

#: In this order; the first that does not hold is the reason.
CLAIM_CHECKS: Sequence[Check] = (
    (issued_by_the_provider, refusals.IssuerWrong),
    (meant_for_us_alone, refusals.AudienceWrong),
    (given_to_us, refusals.AuthorizedPartyWrong),
    (not_expired, refusals.TokenExpired),
    (not_issued_in_future, refusals.IssuedInFuture),
    (valid_by_now, refusals.NotYetValid),
    (nonce_is_ours, refusals.NonceWrong),
    (access_token_belongs_to_it, refusals.AccessTokenHashWrong),
    (says_who, refusals.SubjectMissing),
)


def believe_id_token(token: str, key: Key, expected: Expected) -> Mapping[str, Any]:
    """The claims of `token`, all of them checked.

    :param key: what `choose_key` found for this token.
    :raises IdTokenRefused: naming the first check that does not hold.
    """
    claims = signed_claims(token, key, expected.alg)
    return believe_claims(Claimed(claims=claims, expected=expected))


def believe_claims(
    seen: Claimed, without: Collection[str] = frozenset()
) -> Mapping[str, Any]:
    """The claims, all of them checked.

    :param without: names of checks that are off, `id_token.` before each.
    :raises IdTokenRefused: naming the first check that does not hold.
    """
    for holds, refusal in CLAIM_CHECKS:
        if not holds(seen) and f"id_token.{holds.__name__}" not in without:
            arrived, wanted = _both_sides(refusal, seen)
            raise refusal(arrived=arrived, expected=wanted)
    return seen.claims


def half_hash(access_token: str, alg: str) -> str:
    """The left half of the hash of `access_token` (OIDC Core §3.1.3.6)."""
    bits = "512" if alg == "EdDSA" else alg[2:]
    digest = hashlib.new(f"sha{bits}", access_token.encode()).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()


#: The claim to show for a refusal; nonce and at_hash are not shown.
_SHOWN = {
    refusals.IssuerWrong: "iss",
    refusals.AudienceWrong: "aud",
    refusals.AuthorizedPartyWrong: "azp",
    refusals.TokenExpired: "exp",
    refusals.IssuedInFuture: "iat",
    refusals.NotYetValid: "nbf",
}


def _both_sides(refusal: type[IdTokenRefused], seen: Claimed) -> tuple[str, str]:
    name = _SHOWN.get(refusal)
    if name is None:
        return "", ""
    expected = {"iss": seen.expected.issuer, "aud": seen.expected.client_id}
    expected["azp"] = seen.expected.client_id
    wanted = expected.get(name, f"our clock says {seen.expected.now:.0f}")
    return f"{name}: {seen.claims.get(name)!r}"[:200], wanted
