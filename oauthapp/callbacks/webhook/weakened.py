"""What does an app do that leaves a check out? Where to skip it is not enough."""

from dataclasses import dataclass

from oauthapp.callbacks.webhook.intake import keep
from oauthapp.callbacks.webhook.store import Believed
from oauthapp.recorder.call import new_call_id
from oauthapp.services import AppServices


@dataclass(frozen=True, kw_only=True)
class _Again:
    id: str
    timestamp: int | None
    body: bytes


def kept_again(
    services: AppServices,
    *,
    source: str,
    message: Believed,
    event_type: str,
    now: float,
) -> bool:
    """Keep a message once more, as if it had never come: whether that may be done."""
    if not services.weaknesses.forgive("each_message_counts_once", "duplicate_kept"):
        return False
    again = _Again(
        id=f"{message.id} again {new_call_id()}",
        timestamp=message.timestamp,
        body=message.body,
    )
    return keep(services, source=source, message=again, event_type=event_type, now=now)
