"""Who is the user that an access token is about? (OIDC Core §5.3)"""

from flask import Blueprint
from flask import Response
from flask import jsonify
from flask import request

from oauthapp.callers.provider.claims import opened
from oauthapp.callers.provider.claims import pick
from oauthapp.callers.provider.machines import answer_json
from oauthapp.callers.provider.machines import let_any_origin_read
from oauthapp.callers.provider.misbehaving.endpoints import USERINFO
from oauthapp.callers.provider.misbehaving.kit import spoiled
from oauthapp.callers.provider.parameters import sent_parameters
from oauthapp.callers.provider.refusals import BearerMissing
from oauthapp.callers.provider.refusals import BearerRefused
from oauthapp.callers.provider.refusals import BearerTwice
from oauthapp.callers.provider.refusals import ScopeInsufficient
from oauthapp.callers.provider.token_store import AccessToken
from oauthapp.callers.provider.token_store import find_access_token
from oauthapp.callers.provider.users import find_user
from oauthapp.database import reading
from oauthapp.parameters import get
from oauthapp.parameters import repeated
from oauthapp.recorder.call import note
from oauthapp.services import ProviderServices
from oauthapp.services import provider_services

bp = Blueprint("provider_userinfo", __name__)
bp.after_request(let_any_origin_read)


@bp.route("/userinfo", methods=["GET", "POST"])
def userinfo() -> Response:
    """Who the bearer's user is, as far as scope and `claims` parameter go."""
    services = provider_services()
    found = _bearer(services)
    user = find_user(services.settings, found.grant.sub)
    if user is None:
        raise BearerRefused
    if "openid" not in found.scope.split():
        raise ScopeInsufficient
    names = opened(found.scope, services.settings.scopes)
    named = found.grant.claims.get("userinfo", ())
    told = pick(user.claims, [*names, *named])
    good = answer_json({"sub": user.sub, **told})
    return spoiled(services, USERINFO, good, client_id=found.grant.client_id)


def _bearer(services: ProviderServices) -> AccessToken:
    """What the access token that came is good for (RFC 6750 §2)."""
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
        found = find_access_token(connection, access_token, now=services.clock())
    if found is None:
        raise BearerRefused
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


bp.register_error_handler(BearerRefused, _challenge)
