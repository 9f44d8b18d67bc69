"""What this provider can do, and with which keys it signs: for everybody."""

from typing import get_args

from flask import Blueprint
from flask import Response
from flask import jsonify

from oauthapp.callers.provider.claims import SCOPE_CLAIMS
from oauthapp.callers.provider.keys import published_keys
from oauthapp.callers.provider.misbehaving.endpoints import DISCOVERY
from oauthapp.callers.provider.misbehaving.endpoints import KEYS
from oauthapp.callers.provider.misbehaving.kit import spoiled
from oauthapp.services import provider_services
from oauthapp.settings import ProviderSettings
from oauthapp.settings import ResponseMode
from oauthapp.settings.client import GrantType
from oauthapp.settings.shape import ClientAuthMethod

bp = Blueprint("provider_metadata", __name__)

#: Seconds a client may keep our keys; for an unknown kid it asks again anyway.
KEYS_MAX_AGE = 300


@bp.get("/.well-known/openid-configuration")
@bp.get("/.well-known/oauth-authorization-server")
def metadata() -> Response:
    """All we can do, and nothing we cannot (OIDC Discovery §3, RFC 8414 §2)."""
    services = provider_services()
    answer = jsonify(_metadata(services.settings))
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return spoiled(services, DISCOVERY, answer)


@bp.get("/jwks")
def jwks() -> Response:
    """The public keys (RFC 7517)."""
    services = provider_services()
    answer = jsonify(published_keys(services))
    answer.headers["Cache-Control"] = f"public, max-age={KEYS_MAX_AGE}"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return spoiled(services, KEYS, answer)


def _metadata(settings: ProviderSettings) -> dict[str, object]:
    issuer, methods = settings.issuer, list(get_args(ClientAuthMethod))
    opened = {**SCOPE_CLAIMS, **settings.scopes}
    claims = dict.fromkeys(claim for some in opened.values() for claim in some)
    told: dict[str, object] = {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "userinfo_endpoint": f"{issuer}/userinfo",
        "jwks_uri": f"{issuer}/jwks",
        "revocation_endpoint": f"{issuer}/revoke",
        "introspection_endpoint": f"{issuer}/introspect",
        "pushed_authorization_request_endpoint": f"{issuer}/par",
        "end_session_endpoint": f"{issuer}/logout",
        "response_types_supported": ["code"],
        "response_modes_supported": list(get_args(ResponseMode)),
        "grant_types_supported": list(get_args(GrantType)),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [settings.signing_alg],
        "token_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_methods_supported": methods,
        # Whoever asks must prove who it is (RFC 7662 §2.1).
        "introspection_endpoint_auth_methods_supported": [
            method for method in methods if method != "none"
        ],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid", "offline_access", *opened],
        "claims_supported": ["sub", "auth_time", "sid", *claims],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "authorization_response_iss_parameter_supported": True,
        "claims_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "require_pushed_authorization_requests": False,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "frontchannel_logout_supported": True,
        "frontchannel_logout_session_supported": True,
    }
    if settings.registration != "closed":
        told["registration_endpoint"] = f"{issuer}/register"
    return told
