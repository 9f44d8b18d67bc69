"""What does a token claim, and who signed that? Not one claim is checked here."""

import base64
import json
from collections.abc import Collection
from collections.abc import Mapping
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import Key

from oauthapp.callbacks.redirect import id_token_refusals as refusals
from oauthapp.callbacks.redirect.discovery import Discovery
from oauthapp.callbacks.redirect.id_token_key import no_constant
from oauthapp.callbacks.redirect.id_token_refusals import IdTokenRefused

#: What is asked of a token's signature, by the reason code of the refusal.
SIGNATURE_CHECKS: Mapping[str, str] = {
    refusals.AlgorithmNotPinned.code: "its_algorithm_is_pinned",
    refusals.KeyUnknown.code: "its_key_is_published",
    refusals.SignatureInvalid.code: "its_signature_holds",
}


def claims_of(
    token: str,
    discovery: Discovery,
    *,
    issuer: str,
    alg: str,
    forgiven: Collection[str] = frozenset(),
) -> tuple[Mapping[str, Any], str]:
    """The claims that the provider signed, and "".

    :param forgiven: reason codes of checks that are off: a token that is refused for
        one of them is read all the same, and the code returned.
    :raises IdTokenRefused: when it is not signed so, or holds no JSON object.
    """
    try:
        key = discovery.key(token, issuer, alg)
        return signed_claims(token, key, alg), ""
    except IdTokenRefused as refusal:
        if refusal.code not in forgiven:
            raise
        return _unsigned_claims(token), refusal.code


def signed_claims(token: str, key: Key, alg: str) -> Mapping[str, Any]:
    """The claims inside `token` once its signature holds.

    :raises IdTokenRefused: when it is not signed so, or holds no JSON object.
    """
    # Members we do not know are ignored (RFC 7515 §4); `crit` was refused before.
    registry = jws.JWSRegistry(algorithms=[alg], strict_check_header=False)
    try:
        payload = jws.deserialize_compact(token, key, registry=registry).payload
    except (JoseError, ValueError, TypeError):  # TypeError: "crit": [null]
        raise refusals.SignatureInvalid from None
    return _claims_in(payload)


def _unsigned_claims(token: str) -> Mapping[str, Any]:
    """The claims inside `token`, whoever wrote them."""
    _header, _, rest = token.partition(".")
    encoded, _, _signature = rest.partition(".")
    try:
        padded = encoded + "=" * (-len(encoded) % 4)
        payload = base64.b64decode(padded, altchars=b"-_", validate=True)
    except ValueError:
        raise IdTokenRefused(arrived="a payload that is no base64url") from None
    return _claims_in(payload)


def _claims_in(payload: bytes) -> Mapping[str, Any]:
    try:
        claims = json.loads(payload.decode(), parse_constant=no_constant)
        # Neither a lone surrogate nor NaN is JSON, and neither can be kept or shown.
        json.dumps(claims, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise IdTokenRefused(arrived="a payload that is no JSON") from None
    if not isinstance(claims, dict):
        raise IdTokenRefused(arrived="a payload that is no JSON object")
    return claims
