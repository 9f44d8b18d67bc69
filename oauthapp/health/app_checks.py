"""The parts of the app, and what makes one of them unable to work."""

from functools import partial

from oauthapp.callbacks.webhook import backlog_store
from oauthapp.health.checks import recorder_problem
from oauthapp.health.readiness import Readiness
from oauthapp.health.store import why_not
from oauthapp.services import AppServices


def app_readiness(services: AppServices) -> Readiness:
    """The app keeps what it takes, if there is room for it."""
    return Readiness(
        {
            "database": partial(why_not, services.database),
            "inbox": partial(_inbox, services),
            "recorder": partial(recorder_problem, services.recorder),
        }
    )


def _inbox(services: AppServices) -> str:
    """What waits or is dead is not removed, however much it is."""
    backlog = backlog_store.look(services.database)
    full = backlog.bytes > services.settings.inbox_max_bytes
    return "full: more waits or is dead than inbox_max_bytes" if full else ""
