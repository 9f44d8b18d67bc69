"""RULES D.4: an id_token is believed only where a plain check of it finds no fault."""

import base64
import binascii
import json
from collections import Counter
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from joserfc.jwk import ECKey
from joserfc.jwk import KeySet

from oauthapp.callbacks.redirect.id_token import Expected
from oauthapp.callbacks.redirect.id_token import believe_id_token
from oauthapp.callbacks.redirect.id_token_key import choose_key
from oauthapp.callbacks.redirect.id_token_refusals import IdTokenRefused
from tests.generated.million import many
from tests.generated.tokens import ACCESS_TOKEN
from tests.generated.tokens import AT_HASH
from tests.generated.tokens import CLIENT_ID
from tests.generated.tokens import ISSUER
from tests.generated.tokens import KEYS
from tests.generated.tokens import NONCE
from tests.generated.tokens import NOW
from tests.generated.tokens import TOKENS
from tests.generated.tokens import b64

EXPECTED = Expected(
    issuer=ISSUER,
    client_id=CLIENT_ID,
    alg="ES256",
    nonce=NONCE,
    access_token=ACCESS_TOKEN,
    now=NOW,
)
PUBLISHED = KeySet(
    [
        ECKey.import_key(KEYS[kid].public_key(), {"kid": kid, "use": "sig"})
        for kid in ("first", "second")
    ]
)


class Bad(Exception):
    """It is not to be believed."""


def decoded(part: str) -> bytes:
    """Strict base64url: no padding, one spelling (RFC 7515 §2)."""
    try:
        padded = part.encode("ascii") + b"=" * (-len(part) % 4)
        raw = base64.b64decode(padded, altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise Bad from None
    if b64(raw) != part:
        raise Bad
    return raw


def json_object(raw: bytes) -> dict[str, Any]:
    def no_constant(_name: str) -> None:
        raise Bad

    try:
        value = json.loads(raw.decode("utf-8"), parse_constant=no_constant)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except ValueError:
        raise Bad from None
    if not isinstance(value, dict):
        raise Bad
    return value


#: What a header's members must be, where they are there at all (RFC 7515 §4.1).
MEMBERS = {"typ": str, "cty": str, "jku": str, "x5u": str, "jwk": dict, "x5c": list}


def plain_claims(text: str) -> dict[str, Any]:
    """Three parts, our algorithm, a published key, and its signature over them."""
    parts = text.split(".")
    if len(parts) != 3:
        raise Bad
    header = json_object(decoded(parts[0]))
    kid = header.get("kid")
    if any(not isinstance(header[name], MEMBERS.get(name, object)) for name in header):
        raise Bad
    if header.get("alg") != "ES256" or "crit" in header or header.get("b64") is False:
        raise Bad
    if not isinstance(kid, str) or kid not in ("first", "second"):
        raise Bad
    raw = decoded(parts[2])
    if len(raw) != 64:
        raise Bad
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    try:
        KEYS[kid].public_key().verify(
            encode_dss_signature(r, s),
            f"{parts[0]}.{parts[1]}".encode("utf-8", "replace"),
            ec.ECDSA(SHA256()),
        )
    except InvalidSignature:
        raise Bad from None
    return json_object(decoded(parts[1]))


def plainly_true(claims: dict[str, Any]) -> bool:
    def seconds(name: str) -> bool:
        value = claims.get(name)
        return type(value) in (int, float) and -1e12 < value < 1e12

    return bool(
        claims.get("iss") == ISSUER
        and (claims.get("aud") == CLIENT_ID or claims.get("aud") == [CLIENT_ID])
        and ("azp" not in claims or claims["azp"] == CLIENT_ID)
        and seconds("exp")
        and claims["exp"] > NOW - 60
        and seconds("iat")
        and claims["iat"] <= NOW + 60
        and ("nbf" not in claims or (seconds("nbf") and claims["nbf"] <= NOW + 60))
        and claims.get("nonce") == NONCE
        and ("at_hash" not in claims or claims["at_hash"] == AT_HASH)
        and isinstance(claims.get("sub"), str)
        and 1 <= len(claims["sub"]) <= 255
        and all(31 < ord(letter) < 127 for letter in claims["sub"])
    )


def plainly_believed(text: str) -> dict[str, Any] | None:
    try:
        claims = plain_claims(text)
    except Bad:
        return None
    return claims if plainly_true(claims) else None


def believed(text: str) -> Any:
    """As exchange.py asks: the key, then the token."""
    try:
        key = choose_key(text, PUBLISHED, "ES256")
        return believe_id_token(text, key, EXPECTED) if key else None
    except IdTokenRefused:
        return None


def test_a_token_is_believed_only_where_a_plain_check_finds_no_fault(
    tally: Counter[bool],
) -> None:
    @given(TOKENS)
    @many
    def judge(text: str) -> None:
        claims = believed(text)

        assert claims == plainly_believed(text)
        tally[claims is not None] += 1

    judge()
