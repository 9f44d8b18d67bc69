"""Where a scenario is played: two running parties, a user and a browser of theirs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field

import requests

from oauthapp.faults import Fault
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

    def give_password(self) -> None:
        """Fill in the provider's login page."""
        self.visitor.submit({"username": self.username, "password": self.password})

    def arm(self, fault: Fault, *, times: int = 1) -> None:
        """Let the party that is to misbehave do so, the next `times` times.

        :raises requests.RequestException: when it does not take the order.
        """
        party = self.app_url if fault.party == "app" else self.provider_url
        order = {"name": fault.name, "times": times}
        answer = requests.post(f"{party}/control/faults", json=order, timeout=10)
        answer.raise_for_status()


@contextmanager
def on_stage(stage: Stage) -> Iterator[Stage]:
    """`stage`, whose browser is closed afterwards."""
    try:
        yield stage
    finally:
        stage.visitor.close()
