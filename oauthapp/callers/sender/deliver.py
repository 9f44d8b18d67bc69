"""One attempt at one delivery: sign, post, and say what came of it.

The id and the bytes are the same in every attempt, so that the receiver can tell a
repetition; the time and with it the signature are new, so that it is believed.
"""

import random
from dataclasses import dataclass

from oauthapp.callers.sender.alerts import DELIVERY_FAILING
from oauthapp.callers.sender.alerts import alert_about
from oauthapp.callers.sender.endpoints import EndpointGone
from oauthapp.callers.sender.endpoints import signing_secrets
from oauthapp.callers.sender.misbehaving import packed
from oauthapp.callers.sender.parcel import Parcel
from oauthapp.callers.sender.retry import Attempt
from oauthapp.callers.sender.retry import Decision
from oauthapp.callers.sender.retry import decide
from oauthapp.callers.sender.retry import is_success
from oauthapp.callers.sender.store import Delivery
from oauthapp.callers.sender.store import settle
from oauthapp.retry_after import read_retry_after
from oauthapp.services import ProviderServices

#: Seconds an endpoint has for its whole answer.
TIMEOUT = 15.0
#: However much faster a demonstration's clock goes, it still has so many.
LEAST_TIMEOUT = 2.0
#: Seconds after which an attempt is looked at again that is not to be made yet.
HELD_BACK = 1.0
#: Characters of an answer that are kept with the attempt.
ANSWER_KEPT = 1000


@dataclass(frozen=True, kw_only=True)
class _Answer:
    status: int | None
    reason: str
    text: str = ""
    retry_after: float | None = None


def deliver(services: ProviderServices, one: Delivery) -> None:
    """Attempt to deliver a webhook and keep what came of it."""
    now = services.clock()
    try:
        secrets = signing_secrets(services, one.endpoint_url, now=now)
    except EndpointGone as gone:
        return give_up(services, one, gone.reason)
    timestamp = int(now) if one.as_of is None else one.as_of
    parcel = Parcel(
        secrets=secrets, message_id=one.message_id, timestamp=timestamp, body=one.body
    )
    sent = packed(services, one.endpoint_url, parcel)
    if sent is None:
        return _hold_back(services, one)
    headers = dict(sent.headers)
    for _ in range(sent.copies - 1):
        post(services, one.endpoint_url, headers, sent.body, now=now)
    if sent.answer_lost:
        post(services, one.endpoint_url, headers, sent.body, now=now)
        return give_back(services, one, "answer_lost")
    attempt(services, one, headers=headers, body=sent.body, timestamp=sent.timestamp)


def attempt(
    services: ProviderServices,
    one: Delivery,
    *,
    headers: dict[str, str],
    body: bytes,
    timestamp: int,
) -> None:
    """Post `body` to the delivery's endpoint and keep what came of it."""
    began = services.clock()
    answer = post(services, one.endpoint_url, headers, body, now=began)
    made = Attempt(
        number=one.tries,
        at=began,
        ms=(services.clock() - began) * 1000,
        status=answer.status,
        reason=answer.reason,
        timestamp=timestamp,
        answer=answer.text,
        retry_after=answer.retry_after,
    )
    _conclude(services, one, made)


def give_up(services: ProviderServices, one: Delivery, reason: str) -> None:
    """Nobody is there to deliver this to any more."""
    now = services.clock()
    gone = Decision(status="dead", due_at=now, reason=reason)
    settle(services.database, one, gone, now=now)


def give_back(services: ProviderServices, one: Delivery, reason: str) -> None:
    """The attempt broke off on our side: it counts, and is tried again like others."""
    now = services.clock()
    broken = Attempt(number=one.tries, at=now, ms=0.0, status=None, reason=reason)
    _conclude(services, one, broken)


def _hold_back(services: ProviderServices, one: Delivery) -> None:
    now = services.clock()
    later = Decision(status="pending", due_at=now + HELD_BACK, reason="held_back")
    settle(services.database, one, later, now=now)


def _conclude(services: ProviderServices, one: Delivery, made: Attempt) -> None:
    now = services.clock()
    decision = decide(
        made,
        turn=one.tries - one.replayed_at,
        now=now,
        dice=random.random(),
        clock_factor=services.settings.clock_factor,
    )
    news = None
    # News of trouble that cannot be told is no reason for more news.
    if decision.alert and one.event_type != DELIVERY_FAILING:
        news = alert_about(
            message_id=one.message_id,
            endpoint_url=one.endpoint_url,
            tries=one.tries,
            decision=decision,
        )
    settle(services.database, one, decision, now=now, attempt=made, alert=news)


def post(
    services: ProviderServices,
    url: str,
    headers: dict[str, str],
    body: bytes,
    *,
    now: float,
) -> _Answer:
    """Send it, and say what came back; nothing is kept."""
    import requests  # takes a while: whoever has nothing to send need not wait

    from oauthapp.recorder.outbound import AddressNotGlobal

    timeout = max(TIMEOUT / services.settings.clock_factor, LEAST_TIMEOUT)
    try:
        answer = services.http.post(url, data=body, headers=headers, timeout=timeout)
    except requests.Timeout:
        return _Answer(status=None, reason="timeout")
    except AddressNotGlobal as error:
        # The operator needs the address: the endpoint's URL shows only a name.
        return _Answer(status=None, reason=f"address_not_global: {error}")
    except requests.RequestException as error:
        return _Answer(status=None, reason=type(error).__name__)
    status = answer.status_code
    return _Answer(
        status=status,
        reason="" if is_success(status) else f"http_{status}",
        text=_printable(answer.content),
        retry_after=read_retry_after(answer.headers.get("Retry-After", ""), now=now),
    )


def _printable(answer: bytes) -> str:
    """The beginning of an answer, safe to keep and to print."""
    text = answer[:ANSWER_KEPT].decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in text)
