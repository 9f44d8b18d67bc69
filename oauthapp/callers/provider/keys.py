"""The keys that sign tokens: made when first needed, replaced when they get old.

The newest key signs. One that was replaced stays published for as long as anybody
may hold something it signed (OIDC Core §10.1.1); then it is forgotten.
"""

import json
from collections.abc import Callable
from functools import lru_cache
from threading import Lock

from oauthapp.callers.provider import key_store
from oauthapp.callers.provider.signing import PublicKeys
from oauthapp.callers.provider.signing import SigningKey
from oauthapp.callers.provider.signing import generate
from oauthapp.callers.provider.signing import read_key
from oauthapp.callers.provider.signing import read_keys
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.services import ProviderServices
from oauthapp.settings import ProviderSettings
from oauthapp.vault import seal
from oauthapp.vault import unseal

#: Seconds an id_token is good for: it is checked once, right after the exchange.
ID_TOKEN_TTL = 600

_lock = Lock()


def signing_key(services: ProviderServices) -> SigningKey:
    """The private key that signs now; a new one is made if that is due.

    :raises VaultClosed: when it was sealed with another secret_key.
    """
    kept = _newest(services)
    if kept is None:
        with _lock:  # threads of this process make one
            kept = _newest(services) or _make_key(services)
    return _unsealed(kept, services.settings.signing_alg, services.settings.secret_key)


def require_readable(services: ProviderServices) -> None:
    """Find out at start whether the kept key can be used; none is made.

    :raises VaultClosed: when it was sealed with another secret_key.
    """
    kept = _newest(services)
    if kept is not None:
        unseal(kept, services.settings.secret_key)


def rotate(services: ProviderServices) -> SigningKey:
    """Sign with a new key from now on, whatever the age of the present one."""
    if services.keys_at_hand:  # it counts as used so far
        signing_key(services)
    kept = _make_key(services)
    return _unsealed(kept, services.settings.signing_alg, services.settings.secret_key)


def adopt(services: ProviderServices, key: Callable[[], SigningKey]) -> None:
    """Sign with this key at first: for tests, which need not make one each.

    :param key: gives it as soon as it is made; nobody waits before it is needed.
    """
    services.keys_at_hand.append(key)


def published_keys(services: ProviderServices) -> dict[str, list[dict[str, object]]]:
    """The JWK set for everybody (RFC 7517 §5)."""
    signing_key(services)
    with reading(services.database) as connection:
        published = key_store.public_keys(
            connection, retired_after=_still_trusted(services)
        )
    return {"keys": published}


def published_key_set(services: ProviderServices) -> PublicKeys:
    """The same, to verify what we signed ourselves."""
    return read_keys(published_keys(services))


def _newest(services: ProviderServices) -> str | None:
    settings = services.settings
    with reading(services.database) as connection:
        return key_store.newest(
            connection,
            settings.signing_alg,
            made_after=services.clock() - settings.signing_key_ttl,
        )


def _make_key(services: ProviderServices) -> str:
    """Make and keep a key: the sealed key that signs from now on.

    Two processes may make one each at the same moment. Both are published then, and
    both sign until each has read which one is the newest.
    """
    at_hand = services.keys_at_hand
    alg = services.settings.signing_alg
    return _keep(services, at_hand.pop()() if at_hand else generate(alg))


def _keep(services: ProviderServices, key: SigningKey) -> str:
    alg = services.settings.signing_alg
    public = {**key.as_dict(private=False), "use": "sig", "alg": alg}
    public["kid"] = kid = key.thumbprint()  # RFC 7638
    private = json.dumps(key.as_dict(private=True)).encode()
    sealed = seal(private, services.settings.secret_key)
    now = services.clock()
    with writing(services.database) as connection:
        key_store.forget(connection, retired_before=_still_trusted(services))
        key_store.retire(connection, now=now)
        key_store.keep(
            connection,
            kid=kid,
            alg=alg,
            public_jwk=public,
            private_jwe=sealed,
            now=now,
        )
    return sealed


def _still_trusted(services: ProviderServices) -> float:
    """Keys that were replaced after this moment may have signed what is still good."""
    settings: ProviderSettings = services.settings
    # An id_token is brought back as a hint as long as its session lasts.
    longest = max(settings.session_ttl, settings.access_token_ttl, ID_TOKEN_TTL)
    return services.clock() - longest


@lru_cache(maxsize=8)  # importing an RSA key takes longer than signing with it
def _unsealed(sealed: str, alg: str, secret_key: str) -> SigningKey:
    return read_key(alg, unseal(sealed, secret_key))
