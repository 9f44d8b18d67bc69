"""Which published key may have signed this id_token? Pure."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from joserfc.jwk import Key
from joserfc.jwk import KeySet

from oauthapp.callbacks.redirect import id_token_refusals as refusals
from oauthapp.callbacks.redirect.id_token_refusals import IdTokenRefused

#: The key type that each algorithm family signs with (RFC 7518 §3.1, RFC 8037 §3.1).
_KEY_TYPES = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}


def choose_key(token: str, keys: KeySet, alg: str) -> Key | None:
    """The published key that `token` names, or the only one that fits.

    The token's own jwk, jku, x5u and x5c are not looked at: a token must not bring
    its own key (RFC 8725 §3.10).

    :raises IdTokenRefused: when the header is unusable or names another algorithm.
    """
    header = token_header(token)
    if header.get("alg") != alg:
        arrived = repr(header.get("alg"))[:40]
        raise refusals.AlgorithmNotPinned(arrived=arrived, expected=f"alg {alg}")
    if "crit" in header:
        raise refusals.HeaderNotUnderstood(arrived="crit")
    fitting = [key for key in keys.keys if _fits(key, alg)]
    if "kid" in header:
        named = [key for key in fitting if key.kid == header["kid"]]
        return named[0] if len(named) == 1 else None
    return fitting[0] if len(fitting) == 1 else None


def no_constant(name: str) -> None:
    """NaN and Infinity are no JSON, also where a later member takes their place.

    :raises ValueError: always, when json calls it.
    """
    raise ValueError(name)


def token_header(token: str) -> Mapping[str, Any]:
    """What a JWT says about itself; nothing of it is checked.

    :raises IdTokenRefused: when it is no base64url JSON object.
    """
    try:
        encoded, _, _ = token.partition(".")
        padded = encoded + "=" * (-len(encoded) % 4)
        raw = base64.b64decode(padded, altchars=b"-_", validate=True)
        # As text, since json takes bytes for UTF-16 and what begins with a BOM, too.
        header = json.loads(raw.decode(), parse_constant=no_constant)
    except (ValueError, RecursionError):
        raise IdTokenRefused(arrived="a header that is no base64url JSON") from None
    if not isinstance(header, dict):
        raise IdTokenRefused(arrived="a header that is no JSON object")
    return header


def _fits(key: Key, alg: str) -> bool:
    meant = key.as_dict(private=False)
    return (
        key.key_type == _KEY_TYPES[alg[:2]]
        and meant.get("use", "sig") == "sig"
        and meant.get("alg", alg) == alg
    )
