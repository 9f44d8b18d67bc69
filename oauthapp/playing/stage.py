"""Where a scenario is played: two running parties, a user and a browser of theirs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from typing import Any

import requests

from oauthapp.faults import Fault
from oauthapp.playing.arrivals import PATIENCE
from oauthapp.playing.arrivals import Arrivals
from oauthapp.visitor import Visitor

#: The buttons on the provider's consent page.
ALLOW = ("decision", "allow")
DENY = ("decision", "deny")


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What a play has to do with: addresses, who signs in, and what has arrived."""

    app_url: str
    provider_url: str
    username: str
    password: str
    arrivals: Arrivals
    #: The browser that is played.
    visitor: Visitor = field(default_factory=Visitor)

    def log_in(self) -> None:
        """Sign in as the user, the way a person would.

        :raises LostVisitor: when a page is not the one that was expected.
        :raises requests.RequestException: when a party does not answer.
        """
        self.visitor.open(f"{self.app_url}/login/demo")
        self.give_password()
        if self.visitor.sees(ALLOW):  # the provider remembers who has agreed before
            self.visitor.submit({}, button=ALLOW)

    def walk(self, provider: str = "demo") -> None:
        """The same, but only as far as the pages go: something may be wrong with them.

        :raises requests.RequestException: when a party does not answer.
        """
        self.visitor.open(f"{self.app_url}/login/{provider}")
        if self.visitor.asked_for("password"):
            self.give_password()
        if self.visitor.sees(ALLOW):
            self.visitor.submit({}, button=ALLOW)

    def give_password(self) -> None:
        """Fill in the provider's login page."""
        self.visitor.submit({"username": self.username, "password": self.password})

    def arm(self, fault: Fault, *, times: int = 1) -> None:
        """Let the party that is to misbehave do so, the next `times` times.

        :raises requests.RequestException: when it does not take the order.
        """
        order = {"name": fault.name, "times": times}
        self.order("POST", f"{self._misbehaving(fault)}/control/faults", json=order)

    def disarm(self, fault: Fault) -> None:
        """Let it not happen any more.

        :raises requests.RequestException: when the party does not take the order.
        """
        url = f"{self._misbehaving(fault)}/control/faults"
        self.order("DELETE", url, params={"name": fault.name})

    def order(self, method: str, url: str, **what: Any) -> requests.Response:
        """Give a party an order, see `control/routes.py`.

        :raises requests.RequestException: when it does not take the order.
        """
        answer = requests.request(method, url, timeout=PATIENCE, **what)
        answer.raise_for_status()
        return answer

    def _misbehaving(self, fault: Fault) -> str:
        return self.app_url if fault.party == "app" else self.provider_url


@contextmanager
def on_stage(stage: Stage) -> Iterator[Stage]:
    """`stage`, whose browser is closed afterwards."""
    try:
        yield stage
    finally:
        stage.visitor.close()
