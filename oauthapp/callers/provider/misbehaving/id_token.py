"""How an id_token is spoiled: each of these is a check that a client must make."""

import base64
import hmac
import json
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey
from joserfc.jwk import RSAKey

from oauthapp.callers.provider.keys import SigningKey
from oauthapp.callers.provider.keys import rotate
from oauthapp.callers.provider.misbehaving.answers import ELSEWHERE
from oauthapp.control.taking import take_from
from oauthapp.services import ProviderServices

HOUR, DAY = 3600, 86400


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An id_token that is about to be signed."""

    services: ProviderServices
    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    key: SigningKey

    @property
    def alg(self) -> str:
        alg: str = self.header["alg"]
        return alg


Spoiler = Callable[[Draft], str]


def spoiled_id_token(draft: Draft) -> str | None:
    """What a fault makes of an id_token; None when nothing is to go wrong."""
    spoil = take_from(draft.services, ID_TOKENS, target=draft.claims["aud"])
    return spoil(draft) if spoil else None


@cache
def impostor(alg: str) -> SigningKey:
    """A key that is not the provider's, always the same in this process."""
    if alg == "RS256":
        return RSAKey.generate_key(2048, private=True)
    return ECKey.generate_key("P-256", private=True)


def _signed(
    header: Mapping[str, Any], claims: Mapping[str, Any], key: SigningKey
) -> str:
    """By hand: no library puts up with all of these."""
    alg = header["alg"]
    algorithm = jws.JWSRegistry(algorithms=[alg]).get_alg(alg)
    return _joined(header, claims, lambda signed: algorithm.sign(signed, key))


def _joined(
    header: Mapping[str, Any],
    claims: Mapping[str, Any],
    sign: Callable[[bytes], bytes],
) -> str:
    parts = [_base64(json.dumps(part).encode()) for part in (header, claims)]
    return ".".join([*parts, _base64(sign(".".join(parts).encode()))])


def _claiming(**changes: object) -> Spoiler:
    return lambda good: _signed(good.header, {**good.claims, **changes}, good.key)


def _silent_on(name: str) -> Spoiler:
    def spoil(good: Draft) -> str:
        left = {key: value for key, value in good.claims.items() if key != name}
        return _signed(good.header, left, good.key)

    return spoil


def _shifted(name: str, seconds: int) -> Spoiler:
    """That claim a while before or after the token was issued."""
    return lambda good: _claiming(**{name: good.claims["iat"] + seconds})(good)


def _by_an_impostor(more: Callable[[Draft], Mapping[str, Any]]) -> Spoiler:
    """Signed by a key of somebody else's, with more in the header."""
    return lambda good: _signed(
        {**good.header, **more(good)}, good.claims, impostor(good.alg)
    )


def _alg_none(good: Draft) -> str:
    return _joined({**good.header, "alg": "none"}, good.claims, lambda _: b"")


def _alg_hs256(good: Draft) -> str:
    secret, header = good.key.as_pem(private=False), {**good.header, "alg": "HS256"}
    return _joined(
        header, good.claims, lambda signed: hmac.digest(secret, signed, "sha256")
    )


def _unsigned(good: Draft) -> str:
    return _joined(good.header, good.claims, lambda _: b"")


def _key_rotated(good: Draft) -> str:
    key = rotate(good.services)
    return _signed({**good.header, "kid": key.thumbprint()}, good.claims, key)


def _meant_for_two(good: Draft) -> str:
    return _claiming(aud=[good.claims["aud"], "another-client"])(good)


def _crit(good: Draft) -> str:
    name = f"{ELSEWHERE}/feature"
    return _signed({**good.header, "crit": [name], name: True}, good.claims, good.key)


#: By the name of the fault.
ID_TOKENS: Mapping[str, Spoiler] = {
    "id_token_alg_none": _alg_none,
    "id_token_alg_hs256": _alg_hs256,
    "id_token_signature_wrong": _by_an_impostor(lambda _: {}),
    "id_token_signature_missing": _unsigned,
    "id_token_iss_wrong": _claiming(iss=ELSEWHERE),
    "id_token_iss_missing": _silent_on("iss"),
    "id_token_aud_wrong": _claiming(aud="another-client"),
    "id_token_aud_missing": _silent_on("aud"),
    "id_token_aud_several": _meant_for_two,
    "id_token_azp_wrong": _claiming(azp="another-client"),
    "id_token_exp_past": _shifted("exp", -HOUR),
    "id_token_exp_missing": _silent_on("exp"),
    "id_token_iat_future": _shifted("iat", DAY),
    "id_token_iat_missing": _silent_on("iat"),
    "id_token_nbf_future": _shifted("nbf", DAY),
    "id_token_nonce_wrong": _claiming(nonce="the-nonce-of-another-login"),
    "id_token_nonce_missing": _silent_on("nonce"),
    "id_token_at_hash_wrong": _claiming(at_hash="A" * 22),
    "id_token_sub_missing": _silent_on("sub"),
    "id_token_sub_empty": _claiming(sub=""),
    "id_token_kid_unknown": _by_an_impostor(
        lambda good: {"kid": impostor(good.alg).thumbprint()}
    ),
    "id_token_key_rotated": _key_rotated,
    "id_token_jwk_injected": _by_an_impostor(
        lambda good: {"jwk": impostor(good.alg).as_dict(private=False)}
    ),
    "id_token_jku_injected": _by_an_impostor(
        lambda good: {"jku": f"{good.services.settings.issuer}/control/impostor.json"}
    ),
    "id_token_crit_unknown": _crit,
}


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
