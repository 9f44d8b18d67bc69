"""What machines ask the provider: metadata, keys, tokens and who the user is."""

from typing import cast

from authlib.integrations.flask_oauth2 import AuthorizationServer
from flask import Blueprint
from flask import Response
from flask import current_app
from flask import jsonify
from flask import request

from oauthapp.callers.provider import store
from oauthapp.callers.provider.keys import published_keys
from oauthapp.callers.provider.parameters import sent_parameters
from oauthapp.callers.provider.refusals import BearerMissing
from oauthapp.callers.provider.refusals import BearerRefused
from oauthapp.callers.provider.refusals import BearerTwice
from oauthapp.callers.provider.refusals import ScopeInsufficient
from oauthapp.database import reading
from oauthapp.parameters import get
from oauthapp.parameters import repeated
from oauthapp.recorder.call import note
from oauthapp.services import ProviderServices
from oauthapp.services import provider_services
from oauthapp.settings import ProviderSettings

bp = Blueprint("provider_machine", __name__)

#: Seconds a client may keep our keys; for an unknown kid it asks again anyway.
KEYS_MAX_AGE = 300

#: Claims each scope opens, those of the user that are set (OIDC Core §5.4).
SCOPE_CLAIMS = {
    "profile": """name family_name given_name middle_name nickname preferred_username
        profile picture website gender birthdate zoneinfo locale updated_at""".split(),
    "email": ["email", "email_verified"],
    "address": ["address"],
    "phone": ["phone_number", "phone_number_verified"],
}


@bp.get("/.well-known/openid-configuration")
def metadata() -> Response:
    """What this provider can do, and nothing it cannot (OIDC Discovery §3)."""
    answer = jsonify(_metadata(provider_services().settings))
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@bp.get("/jwks")
def jwks() -> Response:
    """The public keys (RFC 7517)."""
    answer = jsonify(published_keys(provider_services()))
    answer.headers["Cache-Control"] = f"public, max-age={KEYS_MAX_AGE}"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@bp.post("/token")
def token() -> Response:
    """Tokens for a code (RFC 6749 §4.1.3 and §5)."""
    sent = sent_parameters()
    if not get(sent, "grant_type"):
        return _token_error("invalid_request", "grant_type is missing from the form")
    if repeated(sent):
        return _token_error("invalid_request", "a parameter came more than once")
    server = cast(
        AuthorizationServer, current_app.extensions["oauthapp.authorization_server"]
    )
    answer = cast(Response, server.create_token_response())
    answer.headers["Cache-Control"] = "no-store"
    if answer.status_code == 401:
        answer.headers["WWW-Authenticate"] = 'Basic realm="token", charset="UTF-8"'
    if answer.status_code == 200:
        note(verdict="accepted")
    else:
        said = answer.get_json(silent=True) or {}
        note(verdict="refused", reason=str(said.get("error", "")))
    return answer


@bp.route("/userinfo", methods=["GET", "POST"])
def userinfo() -> Response:
    """Who the bearer's user is, as far as the scope goes (OIDC Core §5.3)."""
    services = provider_services()
    try:
        sub, scope = _bearer(services)
    except BearerRefused as refusal:
        return _challenge(refusal)
    note(verdict="accepted")
    users = {user.sub: user.claims for user in services.settings.users}
    open_claims = [c for one in scope.split() for c in SCOPE_CLAIMS.get(one, ())]
    told = {name: users[sub][name] for name in open_claims if name in users[sub]}
    return jsonify(sub=sub, **told)


def _bearer(services: ProviderServices) -> tuple[str, str]:
    """Subject and scope of the access token that came (RFC 6750 §2)."""
    scheme, _, in_header = request.headers.get("Authorization", "").partition(" ")
    sent = sent_parameters()
    in_form = get(sent, "access_token") if request.method == "POST" else ""
    if scheme.lower() != "bearer":
        in_header = ""
    if repeated(sent) or (in_header and in_form):
        raise BearerTwice
    access_token = in_header.strip() or in_form
    if not access_token:
        raise BearerMissing
    with reading(services.database) as connection:
        found = store.find_token(connection, access_token, now=services.clock())
    if found is None or found[0] not in {u.sub for u in services.settings.users}:
        raise BearerRefused
    if "openid" not in found[1].split():
        raise ScopeInsufficient
    return found


def _challenge(refusal: BearerRefused) -> Response:
    note(verdict="refused", reason=refusal.code)
    answer = jsonify(error=refusal.code, error_description=refusal.message())
    answer.status_code = refusal.status
    said = 'Bearer realm="userinfo"'
    if not isinstance(refusal, BearerMissing):  # RFC 6750 §3: no error, no token
        said += f', error="{refusal.code}"'
    answer.headers["WWW-Authenticate"] = said
    return answer


def _token_error(error: str, description: str) -> Response:
    note(verdict="refused", reason=error)
    answer = jsonify(error=error, error_description=description)
    answer.status_code = 400
    return answer


def _metadata(settings: ProviderSettings) -> dict[str, object]:
    issuer = settings.issuer
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "userinfo_endpoint": f"{issuer}/userinfo",
        "jwks_uri": f"{issuer}/jwks",
        "end_session_endpoint": f"{issuer}/logout",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [settings.signing_alg],
        "token_endpoint_auth_methods_supported": [
            "client_secret_basic",
            "client_secret_post",
            "none",
        ],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid", *SCOPE_CLAIMS],
        "claims_supported": [
            "sub",
            *(c for some in SCOPE_CLAIMS.values() for c in some),
        ],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "authorization_response_iss_parameter_supported": True,
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }
