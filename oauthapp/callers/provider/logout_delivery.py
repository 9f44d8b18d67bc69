"""Tell clients that a user signed out: a logout token, from server to server.

The twin of a webhook (OpenID Connect Back-Channel Logout 1.0 §2): written with the
logout itself, sent by the worker, again and again on the same schedule. The id of the
message is the token's `jti`; its time, and with it the signature, is of the attempt.
"""

import json
from typing import Any
from urllib.parse import urlencode

from oauthapp.callers.provider.clients import find_client
from oauthapp.callers.provider.keys import signing_key
from oauthapp.callers.provider.misbehaving.logout_token import REPLAYED
from oauthapp.callers.provider.misbehaving.logout_token import spoiled_logout_token
from oauthapp.callers.provider.misbehaving.token import Draft
from oauthapp.callers.provider.signing import sign
from oauthapp.callers.sender import deliver as sender
from oauthapp.callers.sender.store import Delivery
from oauthapp.control.taking import take
from oauthapp.recorder.call import calling_as
from oauthapp.services import ProviderServices

LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
#: Seconds a logout token is good for; §2.4 advises two minutes at most.
LIFETIME = 120


def deliver(services: ProviderServices, one: Delivery) -> None:
    """Attempt to deliver a logout token and keep what came of it."""
    ended = json.loads(one.body)["data"]
    client = find_client(services, ended["client_id"])
    if client is None or client.backchannel_logout_uri != one.endpoint_url:
        return sender.give_up(services, one, "endpoint_removed")
    now = int(services.clock())
    form = urlencode({"logout_token": _logout_token(services, one, ended, now)})
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    body = form.encode()
    # A token that was refused tells nobody which it was, and whose.
    news = (("message", one.message_id), ("sid", ended["sid"]))
    with calling_as("webhook", *news):
        sender.attempt(services, one, headers=headers, body=body, timestamp=now)
        if take(services, REPLAYED, target=ended["client_id"]):
            sender.post(services, one.endpoint_url, headers, body, now=now)


def _logout_token(
    services: ProviderServices, one: Delivery, ended: dict[str, Any], now: int
) -> str:
    settings, key = services.settings, signing_key(services)
    claims = {
        "iss": settings.issuer,
        "aud": ended["client_id"],
        "sub": ended["sub"],
        "sid": ended["sid"],
        "jti": one.message_id,
        "iat": now,
        "exp": now + LIFETIME,
        "events": {LOGOUT_EVENT: {}},
    }
    alg = settings.signing_alg
    header = {"alg": alg, "kid": key.thumbprint(), "typ": "logout+jwt"}
    draft = Draft(services=services, header=header, claims=claims, key=key)
    spoiled = spoiled_logout_token(draft)
    return spoiled or sign(header, claims, key)
