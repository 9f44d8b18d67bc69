"""The parts of the provider, and of both; the app's stand in `app_checks.py`."""

from functools import partial

from oauthapp.health.readiness import Readiness
from oauthapp.health.store import behind
from oauthapp.health.store import why_not
from oauthapp.recorder.store import Recorder
from oauthapp.schema.provider import provider_tables
from oauthapp.services import ProviderServices


def provider_readiness(services: ProviderServices) -> Readiness:
    """The provider keeps what it gives out."""
    return Readiness(
        {
            "database": partial(why_not, services.database),
            "recorder": partial(recorder_problem, services.recorder),
            "schema": partial(behind, services.database, provider_tables),
        }
    )


def recorder_problem(recorder: Recorder) -> str:
    """Why it loses calls or slows them down, "" when it does not."""
    if recorder.is_full():
        return "full: calls come faster than it can write"
    return "" if recorder.keeps_nothing() else why_not(recorder.database)
