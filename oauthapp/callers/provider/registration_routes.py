"""Clients register themselves, where the settings allow it (RFC 7591): `/register`."""

import hmac
import secrets
from typing import Any

import msgspec
from flask import Blueprint
from flask import Response
from flask import request

from oauthapp.callers.provider import client_store
from oauthapp.callers.provider.asked import user_scopes
from oauthapp.callers.provider.machines import Complaint
from oauthapp.callers.provider.machines import answer_complaint
from oauthapp.callers.provider.machines import answer_json
from oauthapp.callers.provider.machines import answer_later
from oauthapp.callers.provider.refusals import RegistrationsFull
from oauthapp.callers.provider.refusals import TooManyRegistrations
from oauthapp.callers.provider.registration import MetadataRefused
from oauthapp.callers.provider.registration import describe
from oauthapp.callers.provider.registration import make_client
from oauthapp.database import writing
from oauthapp.errors import Full
from oauthapp.errors import NotFound
from oauthapp.errors import TooMany
from oauthapp.limiting import network
from oauthapp.services import ProviderServices
from oauthapp.services import provider_services
from oauthapp.settings import Client
from oauthapp.vault import MOST
from oauthapp.vault import fits
from oauthapp.vault import seal

bp = Blueprint("provider_registration", __name__)
bp.register_error_handler(Complaint, answer_complaint)
bp.register_error_handler(TooMany, answer_later)
bp.register_error_handler(Full, answer_later)


@bp.post("/register")
def register() -> Response:
    """Keep a new client; its client_id and secret (§3.2.1)."""
    services = provider_services()
    settings = services.settings
    if settings.registration == "closed":
        raise NotFound(arrived=request.path)
    if wait := services.registrations.count(network(request.remote_addr)):
        raise TooManyRegistrations(retry_after=wait)
    _require_permission(services)
    try:
        client = make_client(
            _metadata(),
            client_id=secrets.token_urlsafe(16),
            client_secret=secrets.token_urlsafe(32),
            alg=settings.signing_alg,
            scopes=user_scopes(settings.scopes),
        )
    except MetadataRefused as refusal:
        raise Complaint(refusal.error, refusal.description) from None
    sealed, now = _sealed(client, settings.secret_key), services.clock()
    with writing(services.database) as connection:
        if client_store.count(connection) >= settings.limits.registered_clients:
            raise RegistrationsFull
        client_store.keep(connection, client.client_id, sealed, now=now)
    return answer_json(describe(client, issued_at=int(now)), 201)


def _metadata() -> dict[str, Any]:
    try:
        # Strict, unlike json: what holds half a surrogate pair could not be kept.
        sent = msgspec.json.decode(request.get_data())
    except (ValueError, RecursionError):
        sent = None
    if request.mimetype != "application/json" or not isinstance(sent, dict):
        raise Complaint("invalid_client_metadata", "the body must be a JSON object")
    return sent


def _sealed(client: Client, secret_key: str) -> str:
    plain = client_store.write(client)
    if not fits(plain):
        problem = f"more than {MOST} bytes of metadata"
        raise Complaint("invalid_client_metadata", problem)
    return seal(plain, secret_key)


def _require_permission(services: ProviderServices) -> None:
    """The initial access token, if the settings want one (§3)."""
    expected = services.settings.registration_token
    if services.settings.registration == "open":
        return
    scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
    sent_bytes = sent.strip().encode("utf-8", "surrogateescape")
    right = hmac.compare_digest(sent_bytes, expected.encode())
    if scheme.lower() != "bearer" or not right:
        raise Complaint("invalid_token", "an initial access token is needed", 401)
