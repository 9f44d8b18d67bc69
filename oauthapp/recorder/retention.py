"""How long is a call kept? By number and by age, a little at a time.

The twin of `callbacks/webhook/retention.py`, in a thread of its own: no request and no
other call waits for it longer than one small transaction takes.
"""

from dataclasses import dataclass
from threading import Event

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from oauthapp.clock import Clock
from oauthapp.outage import Outage
from oauthapp.recorder import retention_store as store

#: Seconds between two looks when the last one found nothing to remove.
EVERY = 60.0
#: Seconds between two looks when there was, in which others may write.
PAUSE = 0.1
#: Calls removed in one transaction.
SOME = 500

DAY = 86_400.0


@dataclass(frozen=True, kw_only=True)
class Keep:
    """How many calls are kept, and for how long."""

    calls: int = 100_000
    days: int = 30


class Retention:
    """Looks after recorded calls while a party runs. Any number may run at once."""

    def __init__(self, database: Engine, keep: Keep, clock: Clock) -> None:
        self._database = database
        self._keep = keep
        self._clock = clock

    def wake_up(self) -> None:
        """Nothing: it sleeps no longer than until it is told to stop."""

    def run(self, stop: Event) -> None:
        """Remove what is too old or too much, until `stop` is set."""
        pause, outage = PAUSE, Outage("recorder")
        while not stop.wait(pause):
            try:
                pause = PAUSE if self.remove_some(self._clock()) else EVERY
            except SQLAlchemyError as error:
                outage.failed(error)
                pause = EVERY
            else:
                outage.worked()

    def remove_some(self, now: float) -> int:
        """Remove up to `SOME` calls: how many it were.

        Calls are numbered as they come, so the first ones are the oldest.
        """
        too_many = store.newest_number(self._database) - self._keep.calls
        since = now - self._keep.days * DAY
        first = store.oldest(self._database, limit=SOME)
        if not any(one.number <= too_many or one.at < since for one in first):
            return 0
        last = first[-1].number
        return store.forget(self._database, last=last, too_many=too_many, since=since)
