"""How long is an event kept that was delivered? By age, a little at a time.

The twin of `callbacks/webhook/retention.py`. What was given up stays until people
decide.
"""

from oauthapp.callers.sender import retention_store as store
from oauthapp.services import ProviderServices

#: Seconds between two looks when the last one found nothing to remove.
EVERY = 60.0
#: Events removed in one transaction.
SOME = 200

DAY = 86_400.0


class Retention:
    """Looks after the outbox while the worker works."""

    def __init__(self, services: ProviderServices) -> None:
        self._services = services
        self._next = 0.0

    def now_and_then(self) -> None:
        """Remove some of what is too old, unless it was done just now."""
        now = self._services.clock()
        if now < self._next:
            return
        removed = self.remove_some(now)
        self._next = now if removed else now + EVERY

    def remove_some(self, now: float) -> int:
        """Remove up to `SOME` events: how many it were."""
        since = now - self._services.settings.events_keep_days * DAY
        return store.forget(self._services.database, happened_before=since, limit=SOME)
