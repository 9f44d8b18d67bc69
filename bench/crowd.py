"""Many at once: people who sign in, and senders of webhooks, each in a thread."""

import sys
import time
from collections import Counter
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import fields
from threading import Event
from threading import Thread
from typing import Any
from typing import TypeVar

from bench.fleet import Fleet
from bench.messages import make_requests
from bench.post import Posted
from bench.post import Poster
from bench.walk import BegunInVain
from bench.walk import Walked
from bench.walk import Walker

#: Webhooks that are made in one go: just before they are sent, since they are dated.
CHUNK = 250
#: Seconds between two lines that say how far it is.
EVERY = 15.0

Tally = TypeVar("Tally", Walked, Posted)


class Crowd:
    """So many logins and webhooks, as fast as they are answered."""

    def __init__(self, fleet: Fleet, *, logins: int, webhooks: int, users: int) -> None:
        self._fleet = fleet
        self._wanted = (logins, webhooks)
        self._users = users
        self._logins, self._chunks = (
            iter(range(logins)),
            iter(range(0, webhooks, CHUNK)),
        )
        self._walked: list[Walked] = []
        self._posted: list[Posted] = []
        self._threads: list[Thread] = []
        self._began = time.monotonic()
        #: Seconds until the last one was answered.
        self.seconds = {"logins": 0.0, "webhooks": 0.0}

    def start(self, *, people: int, senders: int) -> None:
        """Let so many begin."""
        for number in range(people):
            self._walked.append(Walked())
            self._threads.append(Thread(target=self._sign_in, args=(number,)))
        for number in range(senders):
            self._posted.append(Posted())
            self._threads.append(Thread(target=self._send, args=(number,)))
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        """Until all was answered."""
        for thread in self._threads:
            thread.join()

    def done(self) -> tuple[int, int]:
        """How many logins and webhooks are done."""
        logins = sum(len(one.sessions) for one in self._walked)
        return logins, sum(one.finished for one in self._posted)

    def progress(self) -> float:
        """From 0 to 1."""
        wanted = [number for number in self._wanted if number]
        parts = [d / w for d, w in zip(self.done(), self._wanted, strict=True) if w]
        if not any(thread.is_alive() for thread in self._threads):
            return 1.0
        return sum(parts) / len(wanted)

    def walked(self) -> Walked:
        """What came of all logins."""
        return merged(self._walked or [Walked()])

    def posted(self) -> Posted:
        """What came of all webhooks."""
        return merged(self._posted or [Posted()])

    def _sign_in(self, thread: int) -> None:
        walker = Walker(self._fleet.places, self._walked[thread], thread)
        for number in self._logins:
            user = f"user{number % self._users}"
            try:
                walker.log_in(user, f"{user}-password")
            except BegunInVain:
                self._walked[thread].wrong["never signed in"] += 1
            self.seconds["logins"] = time.monotonic() - self._began
        walker.close()

    def _send(self, thread: int) -> None:
        ports = self._fleet.places["app"].ports
        poster = Poster(ports, self._posted[thread], thread)
        for first in self._chunks:
            made = make_requests(
                min(CHUNK, self._wanted[1] - first),
                secret=self._fleet.house.secret,
                now=time.time(),
                prefix=f"hook_{first}_",
                seed=first,
            )
            for one in made:
                poster.post(one)
            self.seconds["webhooks"] = time.monotonic() - self._began
        poster.close()


@contextmanager
def telling(crowd: Crowd) -> Iterator[None]:
    """Say on stderr now and then how far it is, until the block ends."""
    began, stop = time.monotonic(), Event()

    def tell() -> None:
        while not stop.wait(EVERY):
            logins, webhooks = crowd.done()
            at = time.monotonic() - began
            print(f"{at:.0f} s: {logins} logins, {webhooks} webhooks", file=sys.stderr)

    thread = Thread(target=tell)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def merged(parts: Sequence[Tally]) -> Tally:
    """One that holds what all hold."""
    whole = type(parts[0])()
    for one in fields(whole):
        values: list[Any] = [getattr(part, one.name) for part in parts]
        total = values[0]
        for value in values[1:]:
            joins = isinstance(value, int | Counter)
            total = total + value if joins else total | value
        setattr(whole, one.name, total)
    return whole
