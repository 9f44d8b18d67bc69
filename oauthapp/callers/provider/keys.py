"""The keys that sign id_tokens: made when first needed, the private part encrypted.

The newest key signs; older ones stay published so that what they signed can still
be checked (OIDC Core §10.1.1).
"""

import hashlib
import json
from functools import lru_cache
from threading import Lock

from joserfc import jwe
from joserfc.jwk import ECKey
from joserfc.jwk import KeySet
from joserfc.jwk import OctKey
from joserfc.jwk import RSAKey

from oauthapp.callers.provider import key_store
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.services import ProviderServices

SigningKey = RSAKey | ECKey

_lock = Lock()


def signing_key(services: ProviderServices) -> SigningKey:
    """The newest private key for the configured algorithm; made if there is none."""
    alg = services.settings.signing_alg
    with reading(services.database) as connection:
        kept = key_store.newest(connection, alg)
    if kept is None:
        with _lock:  # threads of this process make one; other processes, see below
            kept = _make_key(services, alg)
    return _decrypt(kept, alg, services.settings.secret_key)


def published_keys(services: ProviderServices) -> dict[str, list[dict[str, object]]]:
    """The JWK set for everybody (RFC 7517 §5)."""
    signing_key(services)
    with reading(services.database) as connection:
        return {"keys": key_store.public_keys(connection)}


def published_key_set(services: ProviderServices) -> KeySet:
    """The same, to verify what we signed ourselves."""
    return KeySet.import_key_set(published_keys(services))  # type: ignore[arg-type]


def _make_key(services: ProviderServices, alg: str) -> str:
    """Make and keep a key; the encrypted key that every process now agrees on."""
    with reading(services.database) as connection:
        made_meanwhile = key_store.newest(connection, alg)
    if made_meanwhile is not None:
        return made_meanwhile
    key = _generate(alg)
    public = {**key.as_dict(private=False), "use": "sig", "alg": alg}
    public["kid"] = kid = key.thumbprint()  # RFC 7638
    with writing(services.database) as connection:
        key_store.keep(
            connection,
            kid=kid,
            alg=alg,
            public_jwk=public,
            private_jwe=_encrypt(key, services.settings.secret_key),
            now=services.clock(),
        )
        kept = key_store.newest(connection, alg)
    assert kept is not None  # just kept
    return kept


def _generate(alg: str) -> SigningKey:
    if alg == "RS256":
        return RSAKey.generate_key(2048, private=True)
    return ECKey.generate_key("P-256", private=True)


def _encrypt(key: SigningKey, secret_key: str) -> str:
    header = {"alg": "dir", "enc": "A256GCM"}
    text = json.dumps(key.as_dict(private=True)).encode()
    return jwe.encrypt_compact(header, text, _storage_key(secret_key))


@lru_cache(maxsize=8)  # importing an RSA key takes longer than signing with it
def _decrypt(text: str, alg: str, secret_key: str) -> SigningKey:
    plain = jwe.decrypt_compact(text, _storage_key(secret_key)).plaintext
    assert plain is not None
    shape: type[RSAKey] | type[ECKey] = RSAKey if alg == "RS256" else ECKey
    return shape.import_key(json.loads(plain))


def _storage_key(secret_key: str) -> OctKey:
    """A key for this purpose only, made of the provider's secret_key."""
    digest = hashlib.sha256(b"oauthapp signing keys\0" + secret_key.encode()).digest()
    return OctKey.import_key(digest)
