"""Which bytes does a webhook's signing secret stand for? Each kind, read strictly.

Each raises ValueError, which says what to write and never what was written. Base64
is taken in its one canonical spelling, so that two secrets that differ are two keys.
"""

import base64
import binascii

#: The field of Ed25519 and the constant of its curve (RFC 8032 §5.1).
_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P)


def symmetric_key(secret: str) -> bytes:
    """The key of an HMAC (Standard Webhooks: 24 to 64 bytes)."""
    problem = (
        "write whsec_ followed by base64 of 24 to 64 random bytes; make one: "
        "echo whsec_$(head -c 32 /dev/urandom | base64)"
    )
    key = _decoded("whsec_", secret, problem)
    if not 24 <= len(key) <= 64:
        raise ValueError(problem)
    return key


def public_key(secret: str) -> bytes:
    """The key that Ed25519 signatures are checked with."""
    problem = "write whpk_ followed by base64 of the 32 bytes of a public key"
    key = _decoded("whpk_", secret, problem)
    if len(key) != 32 or _anybody_can_sign_for(key):
        raise ValueError(problem)
    return key


def private_key(secret: str) -> bytes:
    """The key that makes Ed25519 signatures; its public half comes behind it."""
    problem = (
        "write whsk_ followed by base64 of 64 bytes: a private key and its public key"
    )
    key = _decoded("whsk_", secret, problem)
    if len(key) != 64:
        raise ValueError(problem)
    return key[:32]


def shared_key(secret: str) -> bytes:
    """A secret used as it is written, as Stripe, GitHub and Slack do."""
    try:
        key = secret.encode()
    except UnicodeEncodeError:
        key = b""
    if not key:
        raise ValueError("write the signing secret just as the sender shows it")
    return key


def _decoded(prefix: str, secret: str, problem: str) -> bytes:
    written = secret.removeprefix(prefix)
    try:
        key = base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(problem) from None
    if not secret.startswith(prefix) or base64.b64encode(key).decode() != written:
        raise ValueError(problem)
    return key


def _anybody_can_sign_for(key: bytes) -> bool:
    """A point of order 8 or less: all zeros, for one, fits signatures of nobody's.

    Doubling such a point leads to y = 0 or to the neutral element; the polynomial's
    roots are the points of order 8.
    """
    y = (int.from_bytes(key, "little") & (2**255 - 1)) % _P
    return y in (0, 1, _P - 1) or (_D * y**4 + 2 * y**2 - 1) % _P == 0
