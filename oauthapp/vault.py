"""Secrets that we must be able to read again, encrypted at rest (RFC 7516)."""

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from joserfc.jwk import OctKey


#: Bytes that can be sealed: joserfc opens 64 KiB of ciphertext, in which 3 bytes are 4
#: characters, and no more, as a JWE may come from anywhere.
MOST = 48 * 1024


class VaultClosed(Exception):
    """Sealed with another secret_key, or damaged."""


def fits(plain: bytes) -> bool:
    """Whether it can be sealed: to be asked first of what strangers send."""
    return len(plain) <= MOST


def seal(plain: bytes, secret_key: str) -> str:
    """`plain`, readable again with the same secret_key only.

    :raises ValueError: when it does not fit; it could not be opened again.
    """
    from joserfc import jwe  # when the first one is sealed: it takes its time

    if not fits(plain):
        raise ValueError(f"{len(plain)} bytes are too many to be sealed")
    header = {"alg": "dir", "enc": "A256GCM"}
    return jwe.encrypt_compact(header, plain, _storage_key(secret_key))


def unseal(sealed: str, secret_key: str) -> bytes:
    """What was sealed.

    :raises VaultClosed: when it was sealed with another secret_key.
    """
    from joserfc import jwe
    from joserfc.errors import JoseError

    try:
        plain = jwe.decrypt_compact(sealed, _storage_key(secret_key)).plaintext
    except (JoseError, ValueError) as error:
        raise VaultClosed from error
    return plain or b""


def _storage_key(secret_key: str) -> "OctKey":
    """A key for this purpose only, made of a party's secret_key."""
    from joserfc.jwk import OctKey

    digest = hashlib.sha256(b"oauthapp vault\0" + secret_key.encode()).digest()
    return OctKey.import_key(digest)
