"""What the provider says about a login, signed (OIDC Core §2). Pure."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from joserfc import jws
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from oauthapp.callers.provider.keys import SigningKey
from oauthapp.callers.provider.store import Code

#: Seconds an id_token is good for: it is checked once, right after the exchange.
LIFETIME = 600


def make_id_token(
    key: SigningKey,
    alg: str,
    *,
    issuer: str,
    granted: Code,
    access_token: str,
    now: float,
) -> str:
    """The id_token for one login. Who the user is beyond `sub` is for userinfo."""
    claims: dict[str, Any] = {
        "iss": issuer,
        "sub": granted.sub,
        "aud": granted.client_id,
        "iat": int(now),
        "exp": int(now) + LIFETIME,
        "auth_time": granted.auth_time,
        "sid": granted.sid,
        "at_hash": _half_hash(access_token),
    }
    if granted.nonce is not None:
        claims["nonce"] = granted.nonce
    header = {"alg": alg, "kid": key.thumbprint(), "typ": "JWT"}
    return jwt.encode(header, claims, key, algorithms=[alg])


def hinted_subject(
    id_token: str, keys: KeySet, *, issuer: str, client_id: str
) -> str | None:
    """Whom an id_token_hint names, None when we did not issue it to this client.

    It may have expired: that is what a client has when it asks (OIDC Core §3.1.2.1).
    """
    try:
        token = jws.deserialize_compact(id_token, keys, algorithms=["RS256", "ES256"])
        claims = json.loads(token.payload)
    except (JoseError, ValueError, RecursionError):
        return None
    if not isinstance(claims, Mapping):
        return None
    ours = claims.get("iss") == issuer and claims.get("aud") == client_id
    sub = claims.get("sub")
    return sub if ours and isinstance(sub, str) else None


def _half_hash(access_token: str) -> str:
    """The left half of its SHA-256 (OIDC Core §3.1.3.6); both our algorithms use it."""
    digest = hashlib.sha256(access_token.encode()).digest()
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()
