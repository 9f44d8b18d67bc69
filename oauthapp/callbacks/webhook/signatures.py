"""When does a signature fit? One answer for each way of making them. Pure."""

import base64
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from oauthapp.signing_keys import public_key
from oauthapp.signing_keys import shared_key
from oauthapp.signing_keys import symmetric_key

#: Whether a signature, as the header writes it, is the right one.
Fits = Callable[[str], bool]


@dataclass(frozen=True, kw_only=True)
class Version:
    """One way of signing."""

    #: The key in a secret; ValueError when the secret is none for this.
    key: Callable[[str], bytes]
    #: How a signature is written.
    written: re.Pattern[str]
    #: Given a key and what was signed, what tells right signatures from wrong ones.
    judge: Callable[[bytes, bytes], Fits]


def _hmac_judge(write: Callable[[bytes], bytes]) -> Callable[[bytes, bytes], Fits]:
    """:param write: how the digest is spelled in the header."""

    def judge(key: bytes, signed: bytes) -> Fits:
        # hmac.digest would let go of the interpreter, and then wait for it.
        right = write(hmac.new(key, signed, "sha256").digest())
        return lambda given: hmac.compare_digest(right, given.encode())

    return judge


def _ed25519_judge(key: bytes, signed: bytes) -> Fits:
    verifier = Ed25519PublicKey.from_public_bytes(key)

    def fits(given: str) -> bool:
        try:
            verifier.verify(base64.b64decode(given), signed)
        except InvalidSignature:
            return False
        return True

    return fits


#: HMAC-SHA256 in base64, keyed with a decoded secret.
HMAC_BASE64 = Version(
    key=symmetric_key,
    written=re.compile(r"[A-Za-z0-9+/]{43}="),
    judge=_hmac_judge(base64.b64encode),
)

#: HMAC-SHA256 in hexadecimal, keyed with the secret's text.
HMAC_HEX = Version(
    key=shared_key,
    written=re.compile(r"[0-9a-f]{64}"),
    judge=_hmac_judge(lambda digest: digest.hex().encode()),
)

#: Ed25519 in base64. Its last letter carries two bits: there is one way to write it.
ED25519 = Version(
    key=public_key,
    written=re.compile(r"[A-Za-z0-9+/]{85}[AQgw]=="),
    judge=_ed25519_judge,
)
