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
    """Attempt a delivery and keep what came of it."""
    secret = _secret(services, one.endpoint_url)
    if secret is None:
        gone = Decision(
            status="dead", due_at=services.clock(), reason="endpoint_removed"
        )
        return settle(services.database, one, gone)
    _conclude(services, one, _attempt(services, one, secret))


def give_back(services: ProviderServices, one: Delivery, reason: str) -> None:
    """The attempt broke off on our side: it counts, and is tried again like others."""
    now = services.clock()
    attempt = Attempt(number=one.tries, at=now, ms=0.0, status=None, reason=reason)
    _conclude(services, one, attempt)


def _conclude(services: ProviderServices, one: Delivery, attempt: Attempt) -> None:
    decision = decide(
        attempt,
        now=services.clock(),
        dice=random.random(),
        clock_factor=services.settings.clock_factor,
    )
    settle(services.database, one, decision, attempt=attempt)


def _attempt(services: ProviderServices, one: Delivery, secret: str) -> Attempt:
    began = services.clock()
    headers = signed_headers(
        secret=secret,
        message_id=one.message_id,
        timestamp=int(began),
        body=one.body,
    )
    status, reason = _post(services.http, one, headers)
    return Attempt(
        number=one.tries,
        at=began,
        ms=(services.clock() - began) * 1000,
        status=status,
        reason=reason,
    )


def _post(
    http: requests.Session, one: Delivery, headers: dict[str, str]
) -> tuple[int | None, str]:
    """The answer's status, and why it is no success."""
    headers["Content-Type"] = "application/json"
    try:
        answer = http.post(
            one.endpoint_url, data=one.body, headers=headers, timeout=TIMEOUT
        )
    except requests.Timeout:
        return None, "timeout"
    except requests.RequestException as error:
        return None, type(error).__name__
    status = answer.status_code
    return status, "" if is_success(status) else f"http_{status}"


def _secret(services: ProviderServices, url: str) -> str | None:
    endpoints = services.settings.endpoints
    return next((one.secret for one in endpoints if one.url == url), None)
