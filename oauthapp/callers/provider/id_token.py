"""What the provider says about a login, signed (OIDC Core §2)."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oauthapp.callers.provider.claims import pick
from oauthapp.callers.provider.grant_store import Grant
from oauthapp.callers.provider.keys import ID_TOKEN_TTL
from oauthapp.callers.provider.keys import signing_key
from oauthapp.callers.provider.misbehaving.id_token import spoiled_id_token
from oauthapp.callers.provider.misbehaving.token import Draft
from oauthapp.callers.provider.signing import PublicKeys
from oauthapp.callers.provider.signing import read_signed
from oauthapp.callers.provider.signing import sign
from oauthapp.callers.provider.users import find_user
from oauthapp.services import ProviderServices


def make_id_token(
    services: ProviderServices,
    grant: Grant,
    *,
    nonce: str | None,
    access_token: str,
    now: float,
) -> str:
    """The id_token for one login.

    Who the user is beyond `sub` is for userinfo, but for what the client asked to
    have here by name (OIDC Core §5.5).
    """
    settings = services.settings
    user = find_user(settings, grant.sub)
    named = grant.claims.get("id_token", ())
    claims: dict[str, Any] = {
        **(pick(user.claims, named) if user else {}),
        "iss": settings.issuer,
        "sub": grant.sub,
        "aud": grant.client_id,
        "iat": int(now),
        "exp": int(now) + ID_TOKEN_TTL,
        "auth_time": grant.auth_time,
        "sid": grant.sid,
        "at_hash": _half_hash(access_token),
    }
    if nonce is not None:
        claims["nonce"] = nonce
    key, alg = signing_key(services), settings.signing_alg
    header = {"alg": alg, "kid": key.thumbprint(), "typ": "JWT"}
    draft = Draft(services=services, header=header, claims=claims, key=key)
    spoiled = spoiled_id_token(draft)
    return spoiled or sign(header, claims, key)


@dataclass(frozen=True, kw_only=True)
class Hint:
    """Whom an id_token of ours is about, and whom it was made for."""

    sub: str
    client_id: str


def read_hint(id_token: str, keys: PublicKeys, *, issuer: str) -> Hint | None:
    """What an id_token_hint says, None when it is no id_token of ours.

    It may have expired: that is what a client has when it asks (OIDC Core §3.1.2.1).
    Our keys sign other tokens too; an access token is no hint (RFC 8725 §3.11).
    """
    header, claims = read_signed(id_token, keys) or ({}, None)
    if header.get("typ") != "JWT" or not isinstance(claims, Mapping):
        return None
    sub, client_id = claims.get("sub"), claims.get("aud")
    if claims.get("iss") != issuer:
        return None
    if not isinstance(sub, str) or not isinstance(client_id, str):
        return None
    return Hint(sub=sub, client_id=client_id)


def _half_hash(access_token: str) -> str:
    """The left half of its SHA-256 (OIDC Core §3.1.3.6); both our algorithms use it."""
    digest = hashlib.sha256(access_token.encode()).digest()
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()
