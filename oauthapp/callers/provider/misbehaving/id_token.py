"""How an id_token is spoiled: each of these is a check that a client must make."""

import hmac
from collections.abc import Mapping

from oauthapp.callers.provider.keys import rotate
from oauthapp.callers.provider.misbehaving.answers import ELSEWHERE
from oauthapp.callers.provider.misbehaving.token import DAY
from oauthapp.callers.provider.misbehaving.token import HOUR
from oauthapp.callers.provider.misbehaving.token import IMPOSTORS_KEYS
from oauthapp.callers.provider.misbehaving.token import Draft
from oauthapp.callers.provider.misbehaving.token import Spoiler
from oauthapp.callers.provider.misbehaving.token import alg_none
from oauthapp.callers.provider.misbehaving.token import by_an_impostor
from oauthapp.callers.provider.misbehaving.token import claiming
from oauthapp.callers.provider.misbehaving.token import impostor
from oauthapp.callers.provider.misbehaving.token import joined
from oauthapp.callers.provider.misbehaving.token import shifted
from oauthapp.callers.provider.misbehaving.token import signed
from oauthapp.callers.provider.misbehaving.token import silent_on
from oauthapp.control.taking import take_from


def spoiled_id_token(draft: Draft) -> str | None:
    """What a fault makes of an id_token; None when nothing is to go wrong."""
    spoil = take_from(draft.services, ID_TOKENS, target=draft.claims["aud"])
    return spoil(draft) if spoil else None


def _alg_hs256(good: Draft) -> str:
    secret, header = good.key.as_pem(private=False), {**good.header, "alg": "HS256"}
    return joined(
        header, good.claims, lambda signed: hmac.digest(secret, signed, "sha256")
    )


def _unsigned(good: Draft) -> str:
    return joined(good.header, good.claims, lambda _: b"")


def _key_rotated(good: Draft) -> str:
    key = rotate(good.services)
    return signed({**good.header, "kid": key.thumbprint()}, good.claims, key)


def _meant_for_two(good: Draft) -> str:
    return claiming(aud=[good.claims["aud"], "another-client"])(good)


def _meant_for_another(good: Draft) -> str:
    return claiming(aud="another-client", azp=good.claims["aud"])(good)


def _crit(good: Draft) -> str:
    name = f"{ELSEWHERE}/feature"
    return signed({**good.header, "crit": [name], name: True}, good.claims, good.key)


#: By the name of the fault.
ID_TOKENS: Mapping[str, Spoiler] = {
    "id_token_alg_none": alg_none,
    "id_token_alg_hs256": _alg_hs256,
    "id_token_signature_wrong": by_an_impostor(lambda _: {}),
    "id_token_signature_missing": _unsigned,
    "id_token_iss_wrong": claiming(iss=ELSEWHERE),
    "id_token_iss_missing": silent_on("iss"),
    "id_token_aud_wrong": claiming(aud="another-client"),
    "id_token_aud_missing": silent_on("aud"),
    "id_token_aud_several": _meant_for_two,
    "id_token_aud_wrong_azp_right": _meant_for_another,
    "id_token_azp_wrong": claiming(azp="another-client"),
    "id_token_exp_past": shifted("exp", -HOUR),
    "id_token_exp_missing": silent_on("exp"),
    "id_token_iat_future": shifted("iat", DAY),
    "id_token_iat_missing": silent_on("iat"),
    "id_token_nbf_future": shifted("nbf", DAY),
    "id_token_nonce_wrong": claiming(nonce="the-nonce-of-another-login"),
    "id_token_nonce_missing": silent_on("nonce"),
    "id_token_at_hash_wrong": claiming(at_hash="A" * 22),
    "id_token_sub_missing": silent_on("sub"),
    "id_token_sub_empty": claiming(sub=""),
    "id_token_kid_unknown": by_an_impostor(
        lambda good: {"kid": impostor(good.alg).thumbprint()}
    ),
    "id_token_key_rotated": _key_rotated,
    "id_token_jwk_injected": by_an_impostor(
        lambda good: {"jwk": impostor(good.alg).as_dict(private=False)}
    ),
    "id_token_jku_injected": by_an_impostor(
        lambda good: {"jku": f"{good.services.settings.issuer}{IMPOSTORS_KEYS}"}
    ),
    "id_token_crit_unknown": _crit,
}
