"""Keep a message, if there is room: nothing that was acknowledged is ever given up.

Whoever is told that there is none sends it again, by its own schedule.
"""

from functools import partial

from oauthapp.callbacks.webhook import store
from oauthapp.callbacks.webhook.refusals import InboxFull
from oauthapp.callbacks.webhook.store import Believed
from oauthapp.services import AppServices


def keep(
    services: AppServices,
    *,
    source: str,
    message: Believed,
    event_type: str,
    now: float,
) -> bool:
    """Keep a message for good: whether it was new.

    :raises InboxFull: when as much waits for the worker as may; also for a message
        that came before, since to look for it would be more work when there is most.
    """
    engine = services.database
    waiting = partial(store.waiting, engine)
    with services.inbox_room.taking(waiting, size=len(message.body)) as free:
        if not free:
            raise InboxFull
        return store.keep(
            engine, source=source, message=message, event_type=event_type, now=now
        )
