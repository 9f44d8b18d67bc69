"""The events that are told through several kinds of callback, so as to compare them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from typing import Literal

from oauthapp.kinds import Kind

Party = Literal["app", "provider"]


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One event, and the ways in which news of it travels."""

    name: str
    title: str
    #: What happens, in one sentence.
    says: str
    #: In the order of `kinds.KINDS`.
    kinds: tuple[Kind, ...]
    #: How the call that a run begins with is known: who answers it, and how its path
    #: begins.
    party: Party
    method: str
    path: str

    def begins_with(self, party: str, method: str, path: str) -> bool:
        """Whether a run of it begins with such a call."""
        here = (party, method) == (self.party, self.method)
        return here and path.startswith(self.path)


_ALL: Final = (
    Scenario(
        name="login",
        title="A login",
        says="Somebody signs in: the browser brings a code, "
        "and the provider’s server says that a session began.",
        kinds=("redirect", "webhook"),
        party="app",
        method="GET",
        path="/login/",
    ),
    Scenario(
        name="logout",
        title="A logout",
        says="Somebody signs out: the browser is sent to the provider and back, "
        "and the provider’s server tells every app that the session ended.",
        kinds=("redirect", "webhook"),
        party="app",
        method="POST",
        path="/logout",
    ),
    Scenario(
        name="payment",
        title="A payment",
        says="Somebody pays: the browser comes back to the shop, "
        "and the provider’s server says that the money is there. "
        "Only the second settles the order.",
        kinds=("redirect", "webhook"),
        party="app",
        method="POST",
        path="/orders",
    ),
    Scenario(
        name="job",
        title="A finished job",
        says="A server works for us for a while: its own code hears first, "
        "then our callback_url is called, and meanwhile we ask.",
        kinds=("callback_url", "polling", "in-process"),
        party="app",
        method="POST",
        path="/exports",
    ),
    Scenario(
        name="build",
        title="A build",
        says="Somebody pushes a commit: a webhook tells us, we build, "
        "and report to the address that the webhook named.",
        kinds=("webhook", "callback_url"),
        party="provider",
        method="POST",
        path="/repos/demo/push",
    ),
)

SCENARIOS: Final[Mapping[str, Scenario]] = MappingProxyType(
    {one.name: one for one in _ALL}
)
