"""Somebody should know that an endpoint does not answer: a log line, and an event.

Whoever wants to hear of it subscribes an endpoint of their own to the event type
`delivery.failing`; it is delivered like any other.
"""

import logging

from oauthapp.callers.sender.retry import Decision

log = logging.getLogger(__name__)

DELIVERY_FAILING = "delivery.failing"


def alert_about(
    *, message_id: str, endpoint_url: str, tries: int, decision: Decision
) -> dict[str, object]:
    """Log how much of a delivery's attempts is used up; the data of the event."""
    log.warning(
        "delivery of %s to %s failed %d times (%d %% of its attempts): %s",
        message_id,
        endpoint_url,
        tries,
        decision.alert,
        decision.reason,
    )
    return {
        "message_id": message_id,
        "endpoint_url": endpoint_url,
        "attempts": tries,
        "percent": decision.alert,
        "reason": decision.reason,
        "status": decision.status,
    }
