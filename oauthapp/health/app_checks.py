"""The parts of the app, and what makes one of them unable to work."""

from functools import partial

from oauthapp.callbacks.webhook import backlog_store
from oauthapp.health.checks import recorder_problem
from oauthapp.health.readiness import Readiness
from oauthapp.health.store import behind
from oauthapp.health.store import why_not
from oauthapp.schema.app import app_tables
from oauthapp.services import AppServices


def app_readiness(services: AppServices) -> Readiness:
    """The app keeps what it takes, if there is room for it."""
    return Readiness(
        {
            "database": partial(why_not, services.database),
            "inbox": partial(_inbox, services),
            "recorder": partial(recorder_problem, services.recorder),
            "schema": partial(behind, services.database, app_tables),
        }
    )


def _inbox(services: AppServices) -> str:
    """Whether senders are told to come again."""
    backlog, limits = backlog_store.look(services.database), services.settings.limits
    if backlog.waiting >= limits.inbox_messages:
        return "full: as many messages wait as limits.inbox_messages"
    if backlog.bytes >= limits.inbox_bytes:
        return "full: as much waits as limits.inbox_bytes"
    return ""
