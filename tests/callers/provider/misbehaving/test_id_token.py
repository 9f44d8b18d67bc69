"""Each spoiled id_token would be believed by a client that leaves out one check.

One that is wrong in a second way proves nothing: it is refused for that.
"""

import base64
import hmac
import json
from collections.abc import Mapping
from typing import Any

import pytest
import requests
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from joserfc.jwk import RSAKey

from oauthapp.callers.provider.misbehaving.id_token import ID_TOKENS
from oauthapp.testing.provider import OAuthProvider

#: What a fault changes, by the end of its name, where that is more than its own claim.
CHANGED = {"aud_several": {"aud"}, "aud_wrong_azp_right": {"aud", "azp"}}
#: About the signature, not about claims.
SIGNATURES = {
    *("alg_none", "alg_hs256", "signature_wrong", "signature_missing"),
    *("kid_unknown", "key_rotated", "jwk_injected", "jku_injected", "crit_unknown"),
}
#: Of two honest tokens these differ.
VARYING = {"iat", "exp", "at_hash", "auth_time", "jti", "sid"}
CLAIMS = [
    name for name in ID_TOKENS if name.removeprefix("id_token_") not in SIGNATURES
]


@pytest.fixture
def spoiled(oauth_provider: OAuthProvider) -> "Spoiled":
    return Spoiled(oauth_provider)


class Spoiled:
    """Gives id_tokens, honest or not."""

    def __init__(self, provider: OAuthProvider) -> None:
        self._provider = provider
        self._client = provider.client("http://localhost/callback")
        self.honest = self.token()

    def token(self, fault: str = "") -> str:
        if fault:
            self._provider.fault(f"id_token_{fault}")
        token: str = self._provider.issue_tokens(self._client)["id_token"]
        return token

    def key(self, token: str, url: str = "") -> RSAKey:
        """The published one that the token names."""
        url = url or f"{self._provider.issuer}/jwks"
        there = requests.get(url, timeout=5).json()["keys"]
        (wanted,) = [one for one in there if one["kid"] == header(token)["kid"]]
        return RSAKey.import_key(wanted)


def part(token: str, number: int) -> bytes:
    written = token.split(".")[number]
    return base64.urlsafe_b64decode(written + "=" * (-len(written) % 4))


def header(token: str) -> Mapping[str, Any]:
    told: Mapping[str, Any] = json.loads(part(token, 0))
    return told


def claims(token: str, key: RSAKey) -> Mapping[str, Any]:
    """What somebody believes who checks the signature and nothing else, by hand.

    :raises InvalidSignature: it is not of that key.
    """
    signed = token.rpartition(".")[0].encode()
    verify = key.public_key.verify
    verify(part(token, 2), signed, padding.PKCS1v15(), hashes.SHA256())
    told: Mapping[str, Any] = json.loads(part(token, 1))
    return told


def test_one_claim_is_spoiled_and_all_else_is_as_it_should_be(spoiled: Spoiled) -> None:
    key = spoiled.key(spoiled.honest)
    honest = claims(spoiled.honest, key)
    for name in CLAIMS:
        fault = name.removeprefix("id_token_")
        found = claims(spoiled.token(fault), key)

        changed = {
            one
            for one in {*honest, *found} - VARYING
            if honest.get(one) != found.get(one)
        }
        own = "at_hash" if "at_hash" in fault else fault.partition("_")[0]
        assert changed <= CHANGED.get(fault, {own}), name
        for time in {"iat", "exp"} - {own}:
            assert abs(found[time] - honest[time]) < 60, name


def test_who_needs_no_signature_finds_none(spoiled: Spoiled) -> None:
    assert header(spoiled.token("alg_none"))["alg"] == "none"
    assert part(spoiled.token("alg_none"), 2) == b""
    assert part(spoiled.token("signature_missing"), 2) == b""


def test_our_public_key_is_the_secret_of_who_lets_the_token_choose(
    spoiled: Spoiled,
) -> None:
    token = spoiled.token("alg_hs256")

    secret = spoiled.key(token).as_pem(private=False)
    right = hmac.digest(secret, token.rpartition(".")[0].encode(), "sha256")
    assert part(token, 2) == right
    assert header(token)["alg"] == "HS256"


def test_who_believes_the_key_that_a_token_brings_finds_it_right(
    spoiled: Spoiled,
) -> None:
    token = spoiled.token("jwk_injected")
    assert claims(token, RSAKey.import_key(header(token)["jwk"]))["sub"] == "alice"

    token = spoiled.token("jku_injected")
    there = spoiled.key(token, header(token)["jku"])
    assert claims(token, there)["sub"] == "alice"


def test_our_own_key_signed_none_of_those(spoiled: Spoiled) -> None:
    key = spoiled.key(spoiled.honest)
    for fault in ("signature_wrong", "kid_unknown", "jwk_injected", "jku_injected"):
        with pytest.raises(InvalidSignature):
            claims(spoiled.token(fault), key)


def test_what_must_be_understood_is_signed_by_us(spoiled: Spoiled) -> None:
    token = spoiled.token("crit_unknown")

    (name,) = header(token)["crit"]
    assert name in header(token)
    assert claims(token, spoiled.key(token))["sub"] == "alice"


def test_a_new_key_is_found_by_who_asks_again(spoiled: Spoiled) -> None:
    before = header(spoiled.honest)["kid"]
    token = spoiled.token("key_rotated")

    assert header(token)["kid"] != before
    assert claims(token, spoiled.key(token))["sub"] == "alice"


def test_nobody_has_the_key_of_an_unknown_kid(spoiled: Spoiled) -> None:
    token = spoiled.token("kid_unknown")

    with pytest.raises(ValueError, match="not enough values"):
        spoiled.key(token)
