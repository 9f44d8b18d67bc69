"""What is done outside requests for jobs and builds: ask, build, do the work."""

from functools import partial
from threading import Event

from oauthapp.callbacks.builds import report
from oauthapp.callbacks.builds import store as builds
from oauthapp.callbacks.builds.store import Build
from oauthapp.callbacks.result import ask
from oauthapp.callbacks.result import store as exports
from oauthapp.callbacks.result.store import Export
from oauthapp.callers.jobs import store as jobs
from oauthapp.callers.jobs import work
from oauthapp.callers.jobs.store import Job
from oauthapp.services import AppServices
from oauthapp.services import ProviderServices
from oauthapp.worker import PATIENCE
from oauthapp.worker import Work
from oauthapp.worker import Worker


def export_worker(services: AppServices) -> Worker[Export]:
    """Asks how far the app's exports are."""
    database, clock = services.database, services.clock
    asking = Work(
        claim=lambda: exports.claim(database, now=clock()),
        do=partial(ask.ask, services),
        fail=partial(ask.give_back, services),
    )
    return Worker(asking, Event())


def build_worker(services: AppServices) -> Worker[Build]:
    """Builds what was pushed, and reports on it."""
    database, clock = services.database, services.clock
    building = Work(
        claim=lambda: builds.claim(database, now=clock()),
        do=partial(report.run, services),
        fail=partial(report.give_back, services),
    )
    return Worker(building, Event())


def job_worker(services: ProviderServices) -> Worker[Job]:
    """Does the jobs that clients gave the provider."""
    database, clock = services.database, services.clock
    working = Work(
        claim=lambda: jobs.claim(database, now=clock()),
        do=partial(work.finish, services),
        fail=lambda one, _: jobs.postpone(database, one, until=clock() + PATIENCE),
    )
    return Worker(working, Event())
