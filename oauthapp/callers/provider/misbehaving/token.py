"""What can be done to any token before it is signed, and instead of signing it."""

import base64
import json
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from oauthapp.callers.provider.signing import SigningKey
from oauthapp.callers.provider.signing import generate
from oauthapp.callers.provider.signing import signature
from oauthapp.services import ProviderServices

HOUR, DAY = 3600, 86400


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A token that is about to be signed."""

    services: ProviderServices
    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    key: SigningKey

    @property
    def alg(self) -> str:
        alg: str = self.header["alg"]
        return alg


Spoiler = Callable[[Draft], str]


#: Where its public half is found.
IMPOSTORS_KEYS = "/impostor/jwks.json"


@cache
def impostor(alg: str) -> SigningKey:
    """A key that is not the provider's, always the same in this process."""
    return generate(alg)


def signed(
    header: Mapping[str, Any], claims: Mapping[str, Any], key: SigningKey
) -> str:
    """By hand: no library puts up with all of these."""
    alg = header["alg"]
    return joined(header, claims, lambda signed: signature(alg, signed, key))


def joined(
    header: Mapping[str, Any],
    claims: Mapping[str, Any],
    sign: Callable[[bytes], bytes],
) -> str:
    parts = [_base64(json.dumps(part).encode()) for part in (header, claims)]
    return ".".join([*parts, _base64(sign(".".join(parts).encode()))])


def claiming(**changes: object) -> Spoiler:
    return lambda good: signed(good.header, {**good.claims, **changes}, good.key)


def silent_on(*names: str) -> Spoiler:
    def spoil(good: Draft) -> str:
        left = {key: value for key, value in good.claims.items() if key not in names}
        return signed(good.header, left, good.key)

    return spoil


def shifted(name: str, seconds: int) -> Spoiler:
    """That claim a while before or after the token was issued."""
    return lambda good: claiming(**{name: good.claims["iat"] + seconds})(good)


def by_an_impostor(more: Callable[[Draft], Mapping[str, Any]]) -> Spoiler:
    """Signed by a key of somebody else's, with more in the header."""
    return lambda good: signed(
        {**good.header, **more(good)}, good.claims, impostor(good.alg)
    )


def alg_none(good: Draft) -> str:
    return joined({**good.header, "alg": "none"}, good.claims, lambda _: b"")


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
