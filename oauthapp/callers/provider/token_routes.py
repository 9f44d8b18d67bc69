"""What clients do with tokens: get them, ask about them, end them."""

from typing import cast

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2 import OAuth2Error
from flask import Blueprint
from flask import Response
from flask import current_app

from oauthapp.callers.provider import grant_store
from oauthapp.callers.provider import token_store
from oauthapp.callers.provider.clients import calling_client
from oauthapp.callers.provider.clients import find_client
from oauthapp.callers.provider.clients import refused
from oauthapp.callers.provider.machines import Complaint
from oauthapp.callers.provider.machines import answer_complaint
from oauthapp.callers.provider.machines import answer_json
from oauthapp.callers.provider.machines import answer_later
from oauthapp.callers.provider.machines import answer_oauth_error
from oauthapp.callers.provider.machines import let_any_origin_read
from oauthapp.callers.provider.machines import sent_form
from oauthapp.callers.provider.misbehaving.endpoints import TOKENS
from oauthapp.callers.provider.misbehaving.kit import spoiled
from oauthapp.callers.provider.token_store import AccessToken
from oauthapp.callers.provider.token_store import RefreshToken
from oauthapp.callers.provider.tokens import audience
from oauthapp.callers.provider.users import find_user
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.errors import TooMany
from oauthapp.parameters import get
from oauthapp.services import ProviderServices
from oauthapp.services import provider_services
from oauthapp.settings import Client

bp = Blueprint("provider_tokens", __name__)
bp.register_error_handler(Complaint, answer_complaint)
bp.register_error_handler(OAuth2Error, answer_oauth_error)
bp.register_error_handler(TooMany, answer_later)
bp.after_request(let_any_origin_read)

Found = AccessToken | RefreshToken


@bp.post("/token")
def token() -> Response:
    """Tokens for a code, a refresh token or a client itself (RFC 6749 §3.2)."""
    if not get(sent_form(), "grant_type"):
        raise Complaint("invalid_request", "grant_type is missing from the form")
    server = cast(
        AuthorizationServer, current_app.extensions["oauthapp.authorization_server"]
    )
    answer = cast(Response, server.create_token_response())
    told = answer.get_json(silent=True) or {}
    if answer.status_code == 200:
        return _spoiled(answer_json(told))
    error, description = told.get("error", ""), told.get("error_description", "")
    raise Complaint(error, description, answer.status_code)


@bp.post("/revoke")
def revoke() -> Response:
    """End a token (RFC 7009): a refresh token with all that came of its login."""
    services = provider_services()
    client, method = calling_client(services)
    sent = _the_token()
    found = _find(services, sent)
    if found is None:  # nothing to end: that is what was wanted (§2.2)
        return answer_json({})
    if found.grant.client_id != client.client_id:
        if method == "none":  # who proves nothing learns nothing
            return answer_json({})
        raise Complaint("invalid_request", "this is another client's token")
    with writing(services.database) as connection:
        if isinstance(found, RefreshToken):
            grant_store.revoke_grant(connection, found.grant.grant_id)
        else:
            token_store.revoke_access_token(connection, sent)
    return answer_json({})


@bp.post("/introspect")
def introspect() -> Response:
    """What a token is good for (RFC 7662), told to clients that prove who they are."""
    services = provider_services()
    client, method = calling_client(services)
    if method == "none":
        raise refused("Only a client with a secret may ask")
    found = _find(services, _the_token())
    if found is None or not _may_ask(client, found):
        return answer_json({"active": False})
    return answer_json(_about(services, found))


def _spoiled(good: Response) -> Response:
    """As the fault that is armed for this client will have it, if there is one."""
    services = provider_services()
    if not services.settings.control:
        return good
    client, _method = calling_client(services)
    return spoiled(services, TOKENS, good, client_id=client.client_id)


def _the_token() -> str:
    sent = get(sent_form(), "token")
    if not sent:
        raise Complaint("invalid_request", "token is missing from the form")
    return sent


def _find(services: ProviderServices, sent: str) -> Found | None:
    """The token, if it is still good; token_type_hint would only save a look."""
    now = services.clock()
    with reading(services.database) as connection:
        access = token_store.find_access_token(connection, sent, now=now)
        if access is not None:
            return access
        return token_store.find_refresh_token(connection, sent, now=now)


def _may_ask(client: Client, found: Found) -> bool:
    """An API asks about others' access tokens; a refresh token is its client's own."""
    if isinstance(found, AccessToken):
        return True
    return not found.taken and found.grant.client_id == client.client_id


def _about(services: ProviderServices, found: Found) -> dict[str, object]:
    grant = found.grant
    if grant.sid and find_user(services.settings, grant.sub) is None:
        return {"active": False}
    told: dict[str, object] = {
        "active": True,
        "iss": services.settings.issuer,
        "client_id": grant.client_id,
        "sub": grant.sub,
        "iat": found.issued_at,
        "exp": int(found.expires_at),
    }
    if isinstance(found, RefreshToken):
        return {**told, "scope": grant.scope}
    client = find_client(services, grant.client_id)
    aud = audience(services, client) if client else services.settings.issuer
    return {**told, "scope": found.scope, "token_type": "Bearer", "aud": aud}
