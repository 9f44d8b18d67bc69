"""Tokens that a provider signed: the id_token, the logout token, the security event.

A letter of three parts: one line that says who signed (`ours`, `stranger`), or `raw`
for a token as it stands; the header's bytes; an empty line, the payload's bytes.
"""

import base64
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import KeySet
from joserfc.jwk import OKPKey

from oauthapp.callbacks.backchannel import verify as backchannel
from oauthapp.callbacks.backchannel.refusals import LogoutRefused
from oauthapp.callbacks.redirect.id_token import Claimed
from oauthapp.callbacks.redirect.id_token import Expected
from oauthapp.callbacks.redirect.id_token import believe_claims
from oauthapp.callbacks.redirect.id_token import half_hash
from oauthapp.callbacks.redirect.id_token_key import choose_key
from oauthapp.callbacks.redirect.id_token_key import token_header
from oauthapp.callbacks.redirect.id_token_refusals import IdTokenRefused
from oauthapp.callbacks.redirect.token_claims import signed_claims
from oauthapp.callbacks.security_event import verify as security_event
from oauthapp.callbacks.security_event.refusals import EventRefused

NOW = 1_700_000_000.0
ALG = "EdDSA"
EXPECTED = Expected(
    issuer="https://op.example",
    client_id="the-app",
    alg=ALG,
    nonce="the-nonce",
    access_token="the-access-token",
    now=NOW,
)
_SIGNERS = {
    name: Ed25519PrivateKey.from_private_bytes(seed * 32)
    for name, seed in (("ours", b"\x01"), ("stranger", b"\x02"))
}


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


_PUBLIC = _b64(_SIGNERS["ours"].public_key().public_bytes_raw())
_KEYS = KeySet(
    [OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": _PUBLIC, "kid": "first"})]
)
_AT_HASH = half_hash(EXPECTED.access_token, ALG).encode()


def id_token(raw: bytes) -> bool:
    """Whether it is believed."""
    claims = _claims(raw)
    if claims is None:
        return False
    try:
        believed = believe_claims(Claimed(claims=claims, expected=EXPECTED))
    except IdTokenRefused as refused:
        assert len(refused.arrived.encode()) < 2000
        return False
    assert believed["iss"] == EXPECTED.issuer and believed["nonce"] == EXPECTED.nonce
    assert believed["aud"] in ("the-app", ["the-app"])
    assert believed["exp"] > NOW - 61 and believed["iat"] <= NOW + 60
    assert believed.get("nbf", 0) <= NOW + 60
    assert isinstance(believed["sub"], str) and believed["sub"]
    return True


def logout_token(raw: bytes) -> bool:
    """Whether it is obeyed."""
    claims = _claims(raw)
    if claims is None:
        return False
    try:
        logout = backchannel.believe(
            backchannel.Evidence(
                claims=claims,
                issuer=EXPECTED.issuer,
                client_id=EXPECTED.client_id,
                now=NOW,
            )
        )
    except LogoutRefused:
        return False
    assert "nonce" not in claims and claims["iss"] == EXPECTED.issuer
    assert logout.sub or logout.sid
    assert 0 < len(logout.jti) <= 255 and logout.expires_at > NOW
    f"{logout.jti}{logout.sub}{logout.sid}".encode()
    return True


def event_token(raw: bytes) -> bool:
    """Whether it is kept."""
    claims, token = _claims(raw), _token(raw)
    if claims is None:
        return False
    try:
        event = security_event.believe(
            security_event.Evidence(
                header=token_header(token),
                claims=claims,
                body=token.encode(),
                issuer=EXPECTED.issuer,
                client_id=EXPECTED.client_id,
                now=NOW,
            )
        )
    except EventRefused:
        return False
    assert event.id.isprintable() and event.event_type.isprintable()
    assert 0 <= event.timestamp <= NOW + 60
    return True


def _claims(raw: bytes) -> dict[str, Any] | None:
    """The claims whose signature holds, None where it does not."""
    token = _token(raw)
    try:
        key = choose_key(token, _KEYS, ALG)
        if key is None:
            return None
        claims = signed_claims(token, key, ALG)
    except IdTokenRefused as refused:
        assert len(refused.arrived.encode()) < 2000
        return None
    assert raw.startswith(b"ours\n"), "a forged token is believed"
    assert token_header(token)["alg"] == ALG
    json.dumps(claims, allow_nan=False)
    return dict(claims)


def _token(raw: bytes) -> str:
    who, _, rest = raw.replace(b"{at_hash}", _AT_HASH).partition(b"\n")
    signer = _SIGNERS.get(who.decode("latin-1"))
    if signer is None:
        # As a form brings it.
        return rest.decode("utf-8", "replace")
    header, _, payload = rest.partition(b"\n\n")
    signed = f"{_b64(header)}.{_b64(payload)}"
    return f"{signed}.{_b64(signer.sign(signed.encode()))}"
