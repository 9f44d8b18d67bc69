"""One attempt at one delivery: sign, post, and say what came of it.

The id and the bytes are the same in every attempt, so that the receiver can tell a
repetition; the time and with it the signature are new, so that it is believed.
"""

import random

import requests

from oauthapp.callers.sender.retry import Attempt
from oauthapp.callers.sender.retry import Decision
from oauthapp.callers.sender.retry import decide
from oauthapp.callers.sender.retry import is_success
from oauthapp.callers.sender.sign import signed_headers
from oauthapp.callers.sender.store import Delivery
from oauthapp.callers.sender.store import settle
from oauthapp.services import ProviderServices

#: Seconds an endpoint has for its whole answer.
TIMEOUT = 15.0


def deliver(services: ProviderServices, one: Delivery) -> None:
    """Attempt to deliver a webhook and keep what came of it."""
    secret = _secret(services, one.endpoint_url)
    if secret is None:
        return give_up(services, one, "endpoint_removed")
    headers = signed_headers(
        secret=secret,
        message_id=one.message_id,
        timestamp=int(services.clock()),
        body=one.body,
    )
    headers["Content-Type"] = "application/json"
    attempt(services, one, headers=headers, body=one.body)


def attempt(
    services: ProviderServices, one: Delivery, *, headers: dict[str, str], body: bytes
) -> None:
    """Post `body` to the delivery's endpoint and keep what came of it."""
    began = services.clock()
    status, reason = _post(services.http, one.endpoint_url, headers, body)
    ms = (services.clock() - began) * 1000
    made = Attempt(number=one.tries, at=began, ms=ms, status=status, reason=reason)
    _conclude(services, one, made)


def give_up(services: ProviderServices, one: Delivery, reason: str) -> None:
    """Nobody is there to deliver this to any more."""
    gone = Decision(status="dead", due_at=services.clock(), reason=reason)
    settle(services.database, one, gone)


def give_back(services: ProviderServices, one: Delivery, reason: str) -> None:
    """The attempt broke off on our side: it counts, and is tried again like others."""
    now = services.clock()
    broken = Attempt(number=one.tries, at=now, ms=0.0, status=None, reason=reason)
    _conclude(services, one, broken)


def _conclude(services: ProviderServices, one: Delivery, made: Attempt) -> None:
    decision = decide(
        made,
        now=services.clock(),
        dice=random.random(),
        clock_factor=services.settings.clock_factor,
    )
    settle(services.database, one, decision, attempt=made)


def _post(
    http: requests.Session, url: str, headers: dict[str, str], body: bytes
) -> tuple[int | None, str]:
    """The answer's status, and why it is no success."""
    try:
        answer = http.post(url, data=body, headers=headers, timeout=TIMEOUT)
    except requests.Timeout:
        return None, "timeout"
    except requests.RequestException as error:
        return None, type(error).__name__
    status = answer.status_code
    return status, "" if is_success(status) else f"http_{status}"


def _secret(services: ProviderServices, url: str) -> str | None:
    endpoints = services.settings.endpoints
    return next((one.secret for one in endpoints if one.url == url), None)
