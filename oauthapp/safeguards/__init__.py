"""All safeguards of the app: one table for settings, the security page and tests."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from oauthapp.faults import FAULTS
from oauthapp.faults import Fault
from oauthapp.safeguards.answer import ANSWER
from oauthapp.safeguards.event_token import EVENT_TOKEN
from oauthapp.safeguards.id_token import ID_TOKEN
from oauthapp.safeguards.logout_token import LOGOUT_TOKEN
from oauthapp.safeguards.message import MESSAGE
from oauthapp.safeguards.news import NEWS
from oauthapp.safeguards.payment import PAYMENT
from oauthapp.safeguards.result import REPORT
from oauthapp.safeguards.result import RESULT
from oauthapp.safeguards.safeguard import Safeguard as Safeguard


@dataclass(frozen=True, kw_only=True)
class Group:
    """Safeguards of one thing that comes in."""

    name: str
    title: str
    safeguards: tuple[Safeguard, ...]


GROUPS: Final[tuple[Group, ...]] = (
    Group(name="answer", title="The answer a browser brings", safeguards=ANSWER),
    Group(name="id_token", title="The token that says who", safeguards=ID_TOKEN),
    Group(name="payment", title="The return of a buyer", safeguards=PAYMENT),
    Group(name="message", title="The message a server posts", safeguards=MESSAGE),
    Group(name="news", title="The news that settles an order", safeguards=NEWS),
    Group(
        name="logout_token",
        title="The token that signs somebody out",
        safeguards=LOGOUT_TOKEN,
    ),
    Group(
        name="event_token",
        title="The token that tells of an event",
        safeguards=EVENT_TOKEN,
    ),
    Group(
        name="result",
        title="The result that comes to our callback_url",
        safeguards=RESULT,
    ),
    Group(
        name="report",
        title="The address that we are told to call",
        safeguards=REPORT,
    ),
)

#: The same by their names.
SAFEGUARDS: Final[Mapping[str, Safeguard]] = MappingProxyType(
    {one.name: one for group in GROUPS for one in group.safeguards}
)


def faults_that_try(safeguard: Safeguard) -> tuple[Fault, ...]:
    """The faults that it has to stop."""
    return tuple(
        fault
        for fault in FAULTS.values()
        # "refused state_forged ×3" says how often.
        if any(one.partition(" ×")[0] == safeguard.held for one in fault.outcome)
    )


def require_can_be_off(key: str, names: list[str]) -> None:
    """Refuse names of no safeguard, and of one that cannot be switched off.

    :raises ValueError: with the key and what to write.
    """
    for name in names:
        found = SAFEGUARDS.get(name)
        if found is None:
            raise ValueError(f"{key}: {name!r} is no check; /security names them all")
        if found.always_on:
            raise ValueError(f"{key}: {name!r} cannot be off. {found.always_on}")
