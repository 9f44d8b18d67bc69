"""The tokens a client gets: made here, kept by the grant that they come of."""

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from oauthapp.callers.provider import token_store
from oauthapp.callers.provider.asked import OFFLINE
from oauthapp.callers.provider.grant_store import Grant
from oauthapp.callers.provider.id_token import make_id_token
from oauthapp.callers.provider.keys import signing_key
from oauthapp.callers.provider.signing import sign
from oauthapp.callers.provider.token_store import AccessToken
from oauthapp.callers.provider.token_store import RefreshToken
from oauthapp.services import ProviderServices
from oauthapp.settings import Client


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What tokens are made of."""

    grant: Grant
    #: The authorization request's nonce; a refreshed id_token has none (§12.2).
    nonce: str | None = None
    #: When the refresh token that is replaced would have ended.
    refresh_until: float | None = None


def make_tokens(
    services: ProviderServices, client: Client, basis: Basis, scope: str
) -> dict[str, Any]:
    """The members of a token answer (RFC 6749 §5.1); nothing is kept yet."""
    grant, now = basis.grant, services.clock()
    scope = " ".join(dict.fromkeys(scope.split()))  # a set (RFC 6749 §3.3)
    access_token = _access_token(services, client, grant, scope, now)
    answer: dict[str, Any] = {
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": services.settings.access_token_ttl,
        "scope": scope,
    }
    if OFFLINE in grant.scope.split():
        answer["refresh_token"] = secrets.token_urlsafe(32)
    if "openid" in scope.split():
        answer["id_token"] = make_id_token(
            services, grant, nonce=basis.nonce, access_token=access_token, now=now
        )
    return answer


def keep_tokens(
    connection: Connection,
    services: ProviderServices,
    basis: Basis,
    answer: dict[str, Any],
) -> None:
    """Keep what `make_tokens` made, by its hashes."""
    now = services.clock()
    kept = AccessToken(
        grant=basis.grant,
        scope=answer["scope"],
        issued_at=int(now),
        expires_at=now + answer["expires_in"],
    )
    token_store.keep_access_token(connection, answer["access_token"], kept)
    if "refresh_token" in answer:
        until = basis.refresh_until or now + services.settings.refresh_token_ttl
        refresh = RefreshToken(grant=basis.grant, issued_at=int(now), expires_at=until)
        token_store.keep_refresh_token(connection, answer["refresh_token"], refresh)


def audience(services: ProviderServices, client: Client) -> str:
    """The API that a client's access tokens are for (RFC 9068 §3)."""
    return client.audience or services.settings.issuer


def _access_token(
    services: ProviderServices, client: Client, grant: Grant, scope: str, now: float
) -> str:
    if client.access_token_format == "opaque":
        return secrets.token_urlsafe(32)
    claims: dict[str, Any] = {
        "iss": services.settings.issuer,
        "aud": audience(services, client),
        "sub": grant.sub,
        "client_id": grant.client_id,
        "scope": scope,
        "iat": int(now),
        "exp": int(now) + services.settings.access_token_ttl,
        "jti": secrets.token_urlsafe(16),
    }
    if grant.sid:  # a user signed in
        claims["auth_time"] = grant.auth_time
    key, alg = signing_key(services), services.settings.signing_alg
    header = {"alg": alg, "kid": key.thumbprint(), "typ": "at+jwt"}
    return sign(header, claims, key)
