"""A whole login at a fleet, each step at another replica, as a browser would take it.

A page that did not come is asked for again; a login that can no longer be finished is
begun anew. Now and then a callback is opened in two tabs at once.
"""

import random
import time
from collections import Counter
from dataclasses import dataclass
from dataclasses import field
from urllib.parse import urlsplit

from bench.browser import Browser
from bench.browser import Party
from bench.browser import Place
from bench.browser import csrf_token
from bench.browser import session_hash
from bench.wire import Answer
from bench.wire import Lost
from bench.wire import NotReached
from bench.wire import Wire

#: Times that one page is asked for, and that one login is begun.
TRIES = 100
#: Seconds between two tries.
PAUSE = 0.1
#: How many in a hundred open their callback in two tabs at once.
IMPATIENT = 5


class BegunInVain(Exception):
    """This login can no longer be finished; its message says at which page."""


@dataclass(kw_only=True)
class Walked:
    """What came of many logins. Counters count by what is named."""

    #: Who was told that they are signed in, by the hash of their session.
    sessions: dict[str, str] = field(default_factory=dict)
    #: Callbacks whose outcome nobody knows.
    unanswered: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    begun_anew: Counter[str] = field(default_factory=Counter)
    #: Pages that were asked for again.
    repeated: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)


class Walker:
    """Signs people in, one after the other, each with a new browser."""

    def __init__(self, places: dict[Party, Place], walked: Walked, seed: int) -> None:
        self._places = places
        self._walked = walked
        self._dice = random.Random(seed)
        ports = [port for place in places.values() for port in place.ports]
        self._wires = {port: Wire(port) for port in ports}
        #: For the second tab.
        self._others = {port: Wire(port) for port in places["app"].ports}

    def close(self) -> None:
        """Close the connections."""
        for wire in (*self._wires.values(), *self._others.values()):
            wire.close()

    def log_in(self, user: str, password: str) -> None:
        """Sign in, however often it has to be begun.

        :raises BegunInVain: when it never worked.
        """
        for _ in range(TRIES):
            try:
                return self._log_in_once(Browser(self._places), user, password)
            except BegunInVain as error:
                self._walked.begun_anew[str(error)] += 1
                time.sleep(PAUSE)
        raise BegunInVain("any")

    def _log_in_once(self, browser: Browser, user: str, password: str) -> None:
        first = self._dice.choice(self._places["app"].ports)
        asked = self._page(browser, "app", "/login/demo", port=first)
        # So that everybody is asked, whatever they have allowed before.
        url = f"{asked.location}&prompt=consent"
        login = self._page(browser, "provider", url).location
        page = self._page(browser, "provider", login)
        form = {"username": user, "password": password}
        form["csrf_token"] = csrf_token(page)
        consent = self._page(browser, "provider", login, form).location
        page = self._page(browser, "provider", consent)
        form = {"decision": "allow", "csrf_token": csrf_token(page)}
        callback = self._page(browser, "provider", consent, form).location
        last = [port for port in self._places["app"].ports if port != first]
        self._come_back(browser, callback, self._dice.choice(last or [first]), user)
        me = self._page(browser, "app", "/me", accept="application/json")
        if f'"sub":"{user}"'.encode() not in me.body:
            self._walked.wrong["signed in as somebody else"] += 1

    def _come_back(self, browser: Browser, url: str, port: int, user: str) -> None:
        """Open the callback, now and then in two tabs at once: one may sign in."""
        request = browser.request("app", url)
        sent = [self._sent(self._wires, port, request)]
        if self._dice.randrange(100) < IMPATIENT:
            other = self._dice.choice(self._places["app"].ports)
            sent.append(self._sent(self._others, other, request))
        answers = [self._callback_answer(wire) for wire in sent if wire is not None]
        good = [one for one in answers if one is not None and one.status == 303]
        if not good:
            raise BegunInVain("/callback")
        if len(good) > 1:
            self._walked.wrong["a login was finished twice"] += 1
        browser.accept("app", good[0])
        self._walked.sessions[session_hash(good[0])] = user

    def _sent(self, wires: dict[int, Wire], port: int, request: bytes) -> Wire | None:
        """Where the callback went: there, or to another replica if that one is gone."""
        for _ in range(TRIES):
            try:
                wires[port].send(request)
                return wires[port]
            except NotReached as lost:
                self._again(str(lost))
                port = self._dice.choice(self._places["app"].ports)
            except Lost:
                self._walked.unanswered += 1
                break
        return None

    def _callback_answer(self, wire: Wire) -> Answer | None:
        try:
            answer = wire.read()
        except Lost:
            self._walked.unanswered += 1
            return None
        self._walked.statuses[answer.status] += 1
        if answer.status != 303:
            self._walked.refused[answer.reason] += 1
        return answer

    def _page(
        self,
        browser: Browser,
        party: Party,
        url: str,
        form: dict[str, str] | None = None,
        *,
        port: int | None = None,
        accept: str = "*/*",
    ) -> Answer:
        """What a replica answers; while none does, they are asked in turn.

        :param port: of the replica that is asked first.
        :raises BegunInVain: it refuses.
        """
        for _ in range(TRIES):
            asked = port or self._dice.choice(self._places[party].ports)
            port = None
            try:
                raw = browser.request(party, url, form, accept=accept)
                answer = self._wires[asked].ask(raw)
            except Lost as lost:
                self._again(str(lost))
                continue
            self._walked.statuses[answer.status] += 1
            if answer.status in (502, 503, 504):
                self._again(answer.reason)
                continue
            if answer.status not in (200, 303):
                self._walked.refused[answer.reason] += 1
                break
            browser.accept(party, answer)
            return answer
        raise BegunInVain(urlsplit(url).path)

    def _again(self, why: str) -> None:
        self._walked.repeated[why] += 1
        time.sleep(PAUSE)
