"""What happens outside requests: kept messages take effect, deliveries go out.

One loop a party. It polls its store, so that work which another process kept is
found too; work kept in this process wakes it at once.
"""

import logging
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from threading import Event
from typing import Generic
from typing import TypeVar

from oauthapp.callbacks.webhook import process as webhook_process
from oauthapp.callbacks.webhook import store as inbox
from oauthapp.callbacks.webhook.retention import Retention
from oauthapp.callers.jobs import work
from oauthapp.callers.provider import logout_notices
from oauthapp.callers.sender import deliver as sender
from oauthapp.callers.sender import schedule_store
from oauthapp.callers.sender import store as outbox
from oauthapp.callers.sender.schedule_store import Schedule
from oauthapp.dispatcher import Dispatcher
from oauthapp.dispatcher import Lanes
from oauthapp.services import AppServices
from oauthapp.services import ProviderServices

log = logging.getLogger(__name__)

#: Seconds between two looks into the store when there was nothing to do.
POLL = 0.2
#: Messages that are processed in one transaction.
BATCH = 100
#: Seconds to wait after the store failed.
PATIENCE = 1.0

#: Attempts that one endpoint has to bear at the same time.
AT_ONCE = 4

Item = TypeVar("Item")


@dataclass(frozen=True, kw_only=True)
class Work(Generic[Item]):
    """What a worker does, over and over."""

    #: Take what is due, so that nobody else does.
    claim: Callable[[], Sequence[Item]]
    do: Callable[[Item], None]
    #: Give an item back, with the reason, when doing it raised.
    fail: Callable[[Item, str], None]
    #: Do many in one go, all or none; what raises is done apart from the others.
    do_all: Callable[[Sequence[Item]], None] | None = None
    #: What else there is to do now and then.
    tidy: Callable[[], None] = lambda: None


class Worker(Generic[Item]):
    """Claims and does work until it is told to stop. Any number may run at once."""

    def __init__(self, work: Work[Item], wake: Event) -> None:
        """:param wake: set by whoever has kept something new."""
        self._work = work
        self._wake = wake

    def run(self, stop: Event) -> None:
        """Work until `stop` is set; ends within `POLL` or the item under way."""
        while not stop.is_set():
            self._wake.clear()
            try:
                idle = self.run_once() == 0
            except Exception as error:
                # Whatever it is, the next round may work, and no one else logs it.
                log.error("worker: %s", type(error).__name__, exc_info=error)
                stop.wait(PATIENCE)
                continue
            if idle:
                self._wake.wait(POLL)

    def run_once(self) -> int:
        """Do what is due now: how many items that was."""
        claimed = self._work.claim()
        if self._work.do_all is None:
            for item in claimed:
                self._do(item)
        else:
            self._do_all(claimed, self._work.do_all)
        self._work.tidy()  # last: when it cannot, the work is done all the same
        return len(claimed)

    def _do_all(
        self, items: Sequence[Item], do_all: Callable[[Sequence[Item]], None]
    ) -> None:
        """One that breaks is looked for by halves, so that the others are done."""
        if len(items) < 2:
            for item in items:
                self._do(item)
            return
        try:
            do_all(items)
        except Exception:  # it is told, with its item, when that is done alone
            half = len(items) // 2
            self._do_all(items[:half], do_all)
            self._do_all(items[half:], do_all)

    def _do(self, item: Item) -> None:
        try:
            self._work.do(item)
        except Exception as error:
            # One item that breaks must not keep the others from being done.
            log.error("worker: %s", type(error).__name__, exc_info=error)
            self._work.fail(item, type(error).__name__)


def app_worker(services: AppServices) -> Worker[inbox.Claimed]:
    """Gives the app's kept messages their effect."""
    database, clock = services.database, services.clock
    work = Work(
        claim=lambda: inbox.claim(database, now=clock(), limit=BATCH),
        do=lambda one: webhook_process.process(database, [one], now=clock()),
        do_all=lambda some: webhook_process.process(database, some, now=clock()),
        tidy=Retention(services).now_and_then,
        fail=lambda one, reason: inbox.fail(database, one, reason=reason, now=clock()),
    )
    return Worker(work, services.wake)


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
    """Sends what is sent again and again, whenever it is due."""
    database, clock = services.database, services.clock

    def run(one: Schedule) -> None:
        if schedule_store.run(database, one, now=clock()):
            services.wake.set()

    work = Work(
        claim=lambda: schedule_store.due(database, now=clock()),
        do=run,
        fail=lambda one, _: schedule_store.postpone(database, one, until=clock() + 60),
    )
    return Worker(work, Event())


#: What is delivered in a way of its own, by event type; all else is a webhook.
_DELIVER: Mapping[str, Callable[[ProviderServices, outbox.Delivery], None]] = {
    logout_notices.BACKCHANNEL_LOGOUT: logout_notices.deliver,
    work.RESULT: work.deliver,
}


def _deliver(services: ProviderServices, one: outbox.Delivery) -> None:
    _DELIVER.get(one.event_type, sender.deliver)(services, one)
