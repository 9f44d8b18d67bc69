"""How long is a message kept? By age and by size, a little at a time.

Only what was processed goes. What waits or is dead stays until people decide; when
that alone is too much, the log says so.
"""

import logging

from oauthapp.aging import DAY
from oauthapp.aging import SOME
from oauthapp.callbacks.webhook import retention_store as store
from oauthapp.services import AppServices

log = logging.getLogger(__name__)


def remove_some(services: AppServices, now: float) -> int:
    """Remove up to `SOME` messages, or what they announced, or empty as many."""
    settings, database = services.settings, services.database
    since = now - settings.inbox_keep_days * DAY
    for forget in (store.forget, store.forget_announced):
        if forgotten := forget(database, before=since, limit=SOME):
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
