"""A commit is built, and how that went is told where the push asked for it: the act."""

import logging
from typing import Literal

from oauthapp.callbacks.builds import store
from oauthapp.callbacks.builds.store import Build
from oauthapp.callbacks.calling import NotDone
from oauthapp.callbacks.calling import call_as_client
from oauthapp.callbacks.calling import pause
from oauthapp.recorder.call import calling_as
from oauthapp.services import AppServices
from oauthapp.settings import LoginProvider

log = logging.getLogger(__name__)

#: A report that failed this many times is dead.
MAX_TRIES = 10
#: Below the issuer: where commits are reported on.
REPOSITORIES = "/repos"

State = Literal["success", "failure"]


def build(commit: str) -> State:
    """Build a commit: three in four are sound, and the same one always or never."""
    return "failure" if commit[-1:] in "048c" else "success"


def run(services: AppServices, one: Build) -> None:
    """Build, report, and keep what came of it; what failed is tried again later."""
    database, state = services.database, build(one.commit)
    try:
        _report(services, one, state)
    except NotDone as problem:
        return _not_reported(services, one, state, problem)
    now = services.clock()
    store.settle(database, one, "reported", state=state, now=now)


def give_back(services: AppServices, one: Build, reason: str) -> None:
    """The try broke off on our side: it counts, and is made again like others."""
    _not_reported(services, one, None, NotDone(reason=reason))


def _report(services: AppServices, one: Build, state: State) -> None:
    registration = _registration(services, one.source)
    if registration is None:
        raise NotDone(reason="nobody_to_report_to", final=True)
    told = {"state": state, "description": f"built by {services.settings.base_url}"}
    with calling_as("callback_url", ("commit", one.commit)):
        call_as_client(
            services,
            registration,
            "POST",
            one.statuses_url,
            under=REPOSITORIES,
            json=told,
        )


def _not_reported(
    services: AppServices, one: Build, state: State | None, problem: NotDone
) -> None:
    database, now = services.database, services.clock()
    log.warning("report on commit %s: %s", one.commit, problem.reason)
    if problem.final or one.tries >= MAX_TRIES:
        return store.settle(
            database, one, "dead", state=state, reason=problem.reason, now=now
        )
    until = now + pause(one.tries, problem.retry_after)
    store.postpone(database, one, state=state, reason=problem.reason, until=until)


def _registration(services: AppServices, source: str) -> LoginProvider | None:
    """The provider that this sender's pushes are about."""
    kept = services.settings.webhooks.get(source)
    return services.settings.providers.get(kept.provider) if kept else None
