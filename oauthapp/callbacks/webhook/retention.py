"""How long is a message kept? By age and by size, a little at a time.

Only what was processed goes. What waits or is dead stays until people decide; when
that alone is too much, the log says so.
"""

import logging

from oauthapp.callbacks.webhook import retention_store as store
from oauthapp.services import AppServices

log = logging.getLogger(__name__)

#: Seconds between two looks when the last one found nothing to remove.
EVERY = 60.0
#: Messages removed or emptied in one transaction.
SOME = 200

DAY = 86_400.0


class Retention:
    """Looks after the inbox while the worker works."""

    def __init__(self, services: AppServices) -> None:
        self._services = services
        self._next = 0.0

    def now_and_then(self) -> None:
        """Remove some of what is too old or too much, unless it was done just now."""
        now = self._services.clock()
        if now < self._next:
            return
        removed = self.remove_some(now)
        self._next = now if removed else now + EVERY

    def remove_some(self, now: float) -> int:
        """Remove up to `SOME` messages, or empty as many: how many it were."""
        settings, database = self._services.settings, self._services.database
        since = now - settings.inbox_keep_days * DAY
        forgotten = store.forget(database, settled_before=since, limit=SOME)
        if forgotten:
            return forgotten
        excess = store.size(database) - settings.inbox_max_bytes
        if excess <= 0:
            return 0
        emptied = store.empty(database, excess=excess, limit=SOME)
        if not emptied:
            log.warning(
                "inbox: %d bytes more than inbox_max_bytes wait or are dead; "
                "they are not removed",
                excess,
            )
        return emptied
