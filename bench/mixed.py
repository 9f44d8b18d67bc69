"""A steady mixed load: logins, webhooks, what is to be refused, and pages."""

import random
import time
from collections import Counter
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from threading import Event
from threading import Thread

from bench.browser import Browser
from bench.fleet import Fleet
from bench.messages import signed
from bench.post import Posted
from bench.post import Poster
from bench.walk import BegunInVain
from bench.walk import Walked
from bench.walk import Walker
from bench.wire import Lost
from bench.wire import Wire

#: Requests of one login, and how many of each kind of load make a round of 20.
OF_A_LOGIN = 9
WEBHOOKS, BAD, PAGES = 6, 3, 2
ROUND = OF_A_LOGIN + WEBHOOKS + BAD + PAGES

_PAGES = ("/", "/calls", "/inspect", "/inspect.json", "/security", "/me")


class Mixed:
    """The load, and what came of it."""

    def __init__(self, fleet: Fleet, *, rate: float, users: int) -> None:
        """:param rate: requests a second, all in all."""
        self.walked, self.posted = Walked(), Posted()
        self.statuses: Counter[str] = Counter()
        self._fleet = fleet
        self._users = users
        self._ports = fleet.places["app"].ports
        rounds = rate / ROUND
        self._walker = Walker(fleet.places, self.walked, 1)
        self._poster = Poster(self._ports, self.posted, 1)
        self._wire = {port: Wire(port) for port in self._ports}
        self._page_wire = {port: Wire(port) for port in self._ports}
        self._loads: list[tuple[float, Callable[[int], None]]] = [
            (rounds, self._log_in),
            (rounds * WEBHOOKS, self._post),
            (rounds * BAD, self._be_refused),
            (rounds * PAGES, self._look),
        ]

    @contextmanager
    def running(self) -> Iterator[None]:
        """Until the block ends."""
        stop = Event()
        threads = [Thread(target=_pace, args=(*one, stop)) for one in self._loads]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            for thread in threads:
                thread.join()
            self._walker.close()
            self._poster.close()
            for wire in (*self._wire.values(), *self._page_wire.values()):
                wire.close()

    def _log_in(self, number: int) -> None:
        user = f"user{number % self._users}"
        try:
            self._walker.log_in(user, f"{user}-password")
        except BegunInVain as error:
            self.walked.wrong[f"no login at all: {error}"] += 1

    def _post(self, number: int) -> None:
        again = number % 10 == 9
        one = f"soak_{number - 1 if again else number}"
        self._poster.post(signed(one, secret=self._fleet.house.secret, now=time.time()))

    def _be_refused(self, number: int) -> None:
        browser, secret = Browser(self._fleet.places), self._fleet.house.secret
        bad = signed(f"bad_{number}", secret=secret, now=time.time(), forged=True)
        old = signed(f"old_{number}", secret=secret, now=time.time() - 3600)
        wanted = {
            "badly signed": bad.raw,
            "too old": old.raw,
            "unknown state": browser.request("app", f"/callback/demo?state=x{number}"),
            "no such page": browser.request("app", f"/nowhere/{number}"),
            "wrong host": browser.request("app", "/callback/demo").replace(
                b"localhost", b"evil.example"
            ),
            "a form without token": browser.request("app", "/logout", {"a": "b"}),
        }
        name = list(wanted)[number % len(wanted)]
        self._ask(self._wire, name, wanted[name], number)

    def _look(self, number: int) -> None:
        path = _PAGES[number % len(_PAGES)]
        request = Browser(self._fleet.places).request("app", path, accept="text/html")
        self._ask(self._page_wire, path, request, number)

    def _ask(
        self, wires: dict[int, Wire], name: str, request: bytes, number: int
    ) -> None:
        port = random.Random(number).choice(self._ports)
        try:
            status = str(wires[port].ask(request).status)
        except Lost as lost:
            status = str(lost)
        self.statuses[f"{name}: {status}"] += 1


def _pace(per_second: float, do: Callable[[int], None], stop: Event) -> None:
    """As often as that; what takes too long is not made up for."""
    due = time.monotonic()
    for number in count():
        due = max(due + 1 / per_second, time.monotonic())
        if stop.wait(max(0.0, due - time.monotonic())):
            return
        do(number)
