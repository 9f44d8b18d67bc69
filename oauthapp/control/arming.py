"""Which faults can be armed at this party, and which are?"""

from collections.abc import Mapping

from oauthapp.control import store
from oauthapp.control.refusals import FaultForNobody
from oauthapp.control.refusals import FaultUnknown
from oauthapp.control.store import Armed
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.faults import FAULTS
from oauthapp.faults import Fault
from oauthapp.services import AppServices
from oauthapp.services import ProviderServices

Services = AppServices | ProviderServices


def armable(services: Services) -> Mapping[str, Fault]:
    """The faults of this party, by name."""
    here = "app" if isinstance(services, AppServices) else "provider"
    return {name: one for name, one in FAULTS.items() if one.party == here}


def armed(services: Services) -> tuple[Armed, ...]:
    """Those that are to happen, the first one first."""
    with reading(services.database) as connection:
        return store.listed(connection)


def arm(services: Services, one: Armed) -> None:
    """Let a fault happen from now on, as often as it says.

    :raises FaultUnknown: when this party has no such fault.
    :raises FaultForNobody: when it is meant for one, and nobody would be that one.
    """
    known = armable(services)
    if one.name not in known:
        expected = f"one of {', '.join(sorted(known))}"
        raise FaultUnknown(arrived=one.name[:80], expected=expected)
    if one.target and not known[one.name].for_one:
        raise FaultForNobody(arrived=f"{one.name} for {one.target[:80]}")
    with writing(services.database) as connection:
        store.arm(connection, one, now=services.clock())


def disarm(services: Services, name: str | None = None) -> None:
    """Let this fault not happen any more; without a name, none at all."""
    with writing(services.database) as connection:
        store.disarm(connection, name)
