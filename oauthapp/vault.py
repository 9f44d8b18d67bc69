"""Secrets that we must be able to read again, encrypted at rest (RFC 7516)."""

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from joserfc.jwk import OctKey


class VaultClosed(Exception):
    """Sealed with another secret_key, or damaged."""


def seal(plain: bytes, secret_key: str) -> str:
    """`plain`, readable again with the same secret_key only."""
    from joserfc import jwe  # when the first one is sealed: it takes its time

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
