"""What the app does outside requests: messages take effect, it asks and builds."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event
from typing import cast

from flask import Flask

from oauthapp.aging import Aging
from oauthapp.aging import forgetting
from oauthapp.callbacks.builds import report
from oauthapp.callbacks.builds import store as builds
from oauthapp.callbacks.builds.store import Build
from oauthapp.callbacks.result import ask
from oauthapp.callbacks.result import store as exports
from oauthapp.callbacks.result.store import Export
from oauthapp.callbacks.webhook import process as webhook_process
from oauthapp.callbacks.webhook import retention
from oauthapp.callbacks.webhook import store as inbox
from oauthapp.process import working
from oauthapp.services import AppServices
from oauthapp.worker import Work
from oauthapp.worker import Worker

#: Messages that are processed in one transaction.
BATCH = 100


@contextmanager
def app_working(app: Flask) -> Iterator[None]:
    """Do what the app has to do outside requests, until the block ends."""
    services = cast(AppServices, app.extensions["oauthapp"])
    with working(
        ("app worker", app_worker(services)),
        ("app exports", export_worker(services)),
        ("app builds", build_worker(services)),
    ):
        yield


def app_worker(services: AppServices) -> Worker[inbox.Claimed]:
    """Gives the app's kept messages their effect."""
    database, clock = services.database, services.clock
    work = Work(
        claim=lambda: inbox.claim(database, now=clock(), limit=BATCH),
        do=lambda one: webhook_process.process(database, [one], now=clock()),
        do_all=lambda some: webhook_process.process(database, some, now=clock()),
        tidy=Aging(partial(retention.remove_some, services), clock).now_and_then,
        fail=lambda one, reason: inbox.fail(database, one, reason=reason, now=clock()),
    )
    return Worker(work, services.wake)


def export_worker(services: AppServices) -> Worker[Export]:
    """Asks how far the app's exports are."""
    database, clock = services.database, services.clock
    days = services.settings.inbox_keep_days
    asking = Work(
        claim=lambda: exports.claim(database, now=clock()),
        do=partial(ask.ask, services),
        tidy=forgetting(database, exports.forget, days=days, clock=clock),
        fail=partial(ask.give_back, services),
    )
    return Worker(asking, Event())


def build_worker(services: AppServices) -> Worker[Build]:
    """Builds what was pushed, and reports on it."""
    database, clock = services.database, services.clock
    days = services.settings.inbox_keep_days
    building = Work(
        claim=lambda: builds.claim(database, now=clock()),
        do=partial(report.run, services),
        tidy=forgetting(database, builds.forget, days=days, clock=clock),
        fail=partial(report.give_back, services),
    )
    return Worker(building, Event())
