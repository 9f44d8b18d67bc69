"""What the provider does outside requests: it delivers, on a schedule too, and works.

Kept in the same process it is woken; what another one kept is found by polling.
"""

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from functools import partial
from threading import Event
from typing import cast

from flask import Flask

from oauthapp.aging import forgetting
from oauthapp.callers.jobs import store as jobs
from oauthapp.callers.jobs import work
from oauthapp.callers.jobs.store import Job
from oauthapp.callers.provider import logout_delivery
from oauthapp.callers.provider.logout_notices import BACKCHANNEL_LOGOUT
from oauthapp.callers.sender import deliver as sender
from oauthapp.callers.sender import retention_store
from oauthapp.callers.sender import schedule_store
from oauthapp.callers.sender import store as outbox
from oauthapp.callers.sender.schedule_store import Schedule
from oauthapp.dispatcher import Dispatcher
from oauthapp.dispatcher import Lanes
from oauthapp.process import working
from oauthapp.services import ProviderServices
from oauthapp.worker import PATIENCE
from oauthapp.worker import Work
from oauthapp.worker import Worker

#: Attempts that one endpoint has to bear at the same time.
AT_ONCE = 4


@contextmanager
def provider_working(provider: Flask) -> Iterator[None]:
    """Send the provider's webhooks and do its jobs until the block ends."""
    services = cast(ProviderServices, provider.extensions["oauthapp"])
    with working(
        ("provider worker", provider_worker(services)),
        ("provider schedules", schedule_worker(services)),
        ("provider jobs", job_worker(services)),
    ):
        yield


def provider_worker(services: ProviderServices) -> Dispatcher[outbox.Delivery]:
    """Sends the provider's deliveries, some to each endpoint at the same time."""
    database, clock = services.database, services.clock

    def claim(limit: int, busy: Mapping[str, int]) -> tuple[outbox.Delivery, ...]:
        now = clock()
        return outbox.claim(database, now=now, limit=limit, each=AT_ONCE, busy=busy)

    lanes = Lanes(
        claim=claim,
        lane=lambda one: one.endpoint_url,
        do=partial(_deliver, services),
        fail=partial(sender.give_back, services),
    )
    return Dispatcher(lanes, services.wake)


def schedule_worker(services: ProviderServices) -> Worker[Schedule]:
    """Sends what is sent again and again, and forgets what was delivered long ago."""
    database, clock = services.database, services.clock
    days = services.settings.events_keep_days

    def run(one: Schedule) -> None:
        if schedule_store.run(database, one, now=clock()):
            services.wake.set()

    work = Work(
        claim=lambda: schedule_store.due(database, now=clock()),
        do=run,
        tidy=forgetting(database, retention_store.forget, days=days, clock=clock),
        fail=lambda one, _: schedule_store.postpone(database, one, until=clock() + 60),
    )
    return Worker(work, Event())


def job_worker(services: ProviderServices) -> Worker[Job]:
    """Does the jobs that clients gave the provider."""
    database, clock = services.database, services.clock
    days = services.settings.events_keep_days
    doing = Work(
        claim=lambda: jobs.claim(database, now=clock()),
        do=partial(work.finish, services),
        tidy=forgetting(database, jobs.forget, days=days, clock=clock),
        fail=lambda one, _: jobs.postpone(database, one, until=clock() + PATIENCE),
    )
    return Worker(doing, Event())


#: What is delivered in a way of its own, by event type; all else is a webhook.
_DELIVER: Mapping[str, Callable[[ProviderServices, outbox.Delivery], None]] = {
    BACKCHANNEL_LOGOUT: logout_delivery.deliver,
    work.RESULT: work.deliver,
}


def _deliver(services: ProviderServices, one: outbox.Delivery) -> None:
    _DELIVER.get(one.event_type, sender.deliver)(services, one)
