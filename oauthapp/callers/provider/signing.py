"""Keys made and read, tokens signed and read: the one door to what does so.

It is opened with the first token: to import it takes a tenth of a provider's start.
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING
from typing import Any
from typing import TypeAlias

if TYPE_CHECKING:
    from joserfc.jwk import ECKey
    from joserfc.jwk import KeySet
    from joserfc.jwk import RSAKey

#: A private one.
SigningKey: TypeAlias = "RSAKey | ECKey"
PublicKeys: TypeAlias = "KeySet"

ALGORITHMS = ("RS256", "ES256")


def generate(alg: str) -> SigningKey:
    """A new private key for that algorithm."""
    from joserfc.jwk import ECKey
    from joserfc.jwk import RSAKey

    if alg == "RS256":
        return RSAKey.generate_key(2048, private=True)
    return ECKey.generate_key("P-256", private=True)


def read_key(alg: str, jwk: bytes) -> SigningKey:
    """The private key that was written as JSON."""
    from joserfc.jwk import ECKey
    from joserfc.jwk import RSAKey

    shape: type[RSAKey] | type[ECKey] = RSAKey if alg == "RS256" else ECKey
    return shape.import_key(json.loads(jwk))


def read_keys(jwks: Mapping[str, Any]) -> PublicKeys:
    """Keys to verify with, of a JWK set."""
    from joserfc.jwk import KeySet

    return KeySet.import_key_set(jwks)  # type: ignore[arg-type]


def sign(header: Mapping[str, Any], claims: Mapping[str, Any], key: SigningKey) -> str:
    """A JWT (RFC 7519), signed by the algorithm that its header names."""
    from joserfc import jwt

    return jwt.encode(dict(header), dict(claims), key, algorithms=[header["alg"]])


def signature(alg: str, signed: bytes, key: SigningKey) -> bytes:
    """The signature alone, for a token that no library puts together."""
    from joserfc.jws import JWSRegistry

    return JWSRegistry(algorithms=[alg]).get_alg(alg).sign(signed, key)


def read_signed(token: str, keys: PublicKeys) -> tuple[dict[str, Any], Any] | None:
    """Header and JSON of a token that one of these keys signed, None of any other."""
    from joserfc import jws
    from joserfc.errors import JoseError

    try:
        found = jws.deserialize_compact(token, keys, algorithms=list(ALGORITHMS))
        return found.headers(), json.loads(found.payload.decode())
    except (JoseError, ValueError, TypeError, RecursionError):
        return None
