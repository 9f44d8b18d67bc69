"""The authorization request by the back channel first (RFC 9126): `/par`.

The client proves who it is and is told at once what is wrong; the browser then carries
a reference, in which nobody can change a character.
"""

import secrets
from functools import partial

from authlib.oauth2 import OAuth2Error
from flask import Blueprint
from flask import Response

from oauthapp.callers.provider import pushed_store
from oauthapp.callers.provider.authorize import accept
from oauthapp.callers.provider.clients import calling_client
from oauthapp.callers.provider.machines import Complaint
from oauthapp.callers.provider.machines import answer_complaint
from oauthapp.callers.provider.machines import answer_json
from oauthapp.callers.provider.machines import answer_later
from oauthapp.callers.provider.machines import answer_oauth_error
from oauthapp.callers.provider.machines import sent_form
from oauthapp.callers.provider.refusals import AuthorizationError
from oauthapp.callers.provider.refusals import PushedFull
from oauthapp.callers.provider.refusals import RequestRefused
from oauthapp.callers.provider.waiting import PUSHED
from oauthapp.callers.provider.waiting import question
from oauthapp.callers.provider.waiting import seal_parameters
from oauthapp.capacity import Amount
from oauthapp.database import writing
from oauthapp.errors import Full
from oauthapp.errors import TooMany
from oauthapp.parameters import Parameters
from oauthapp.services import ProviderServices
from oauthapp.services import provider_services

bp = Blueprint("provider_pushed", __name__)
bp.register_error_handler(Complaint, answer_complaint)
bp.register_error_handler(OAuth2Error, answer_oauth_error)
bp.register_error_handler(TooMany, answer_later)
bp.register_error_handler(Full, answer_later)

#: Seconds between the push and the browser: one redirect away.
LIFETIME = 60


@bp.post("/par")
def push() -> Response:
    """Check and keep a request; the reference to it (§2.2)."""
    services, sent = provider_services(), sent_form()
    client, _method = calling_client(services)
    parameters: Parameters = (
        ("client_id", client.client_id),
        *((n, v) for n, v in sent if n not in ("client_id", "client_secret")),
    )
    try:
        accept(question(services, parameters, pushed=True))
    except RequestRefused as refusal:
        message, status = refusal.message(), refusal.status  # or 413 (§2.3)
        raise Complaint("invalid_request", message, status) from None
    except AuthorizationError as error:
        raise Complaint(error.error, error.description) from None
    request_uri, now = PUSHED + secrets.token_urlsafe(32), services.clock()
    with services.pushed_room.taking(partial(_waiting, services, now)) as free:
        if not free:
            raise PushedFull
        with writing(services.database) as connection:
            pushed_store.keep(
                connection,
                request_uri,
                client_id=client.client_id,
                parameters_jwe=seal_parameters(services, parameters),
                expires_at=now + LIFETIME,
                now=now,
            )
    return answer_json({"request_uri": request_uri, "expires_in": LIFETIME}, 201)


def _waiting(services: ProviderServices, now: float) -> Amount:
    with writing(services.database) as connection:
        pushed_store.forget_expired(connection, now=now)
        return Amount(pushed_store.count(connection))
