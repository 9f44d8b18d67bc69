"""Is it time to misbehave? Asked at one place for each kind of answer."""

from collections.abc import Collection
from collections.abc import Mapping
from typing import TypeVar

from oauthapp.control import store
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.recorder.call import note
from oauthapp.services import AppServices
from oauthapp.services import ProviderServices

Spoiler = TypeVar("Spoiler")

#: The reason that a recorded call has when a fault spoiled it.
FAULT = "fault"


def take(
    services: AppServices | ProviderServices, name: str, *, target: str = ""
) -> bool:
    """Whether this fault is to happen now; it then has happened once more.

    :param target: the client_id or the endpoint's URL that is dealt with.
    """
    return _take_one_of(services, (name,), target) is not None


def take_from(
    services: AppServices | ProviderServices,
    spoilers: Mapping[str, Spoiler],
    *,
    target: str = "",
) -> Spoiler | None:
    """What the fault that is to happen now does, of those at this place; else None.

    :param spoilers: by the names of their faults.
    :param target: the client_id or the endpoint's URL that is dealt with.
    """
    name = _take_one_of(services, spoilers, target)
    return None if name is None else spoilers[name]


def _take_one_of(
    services: AppServices | ProviderServices, names: Collection[str], target: str
) -> str | None:
    if not services.settings.control:  # then nothing can be armed, and nothing is asked
        return None
    with reading(services.database) as connection:  # hardly ever is anything armed
        if not store.armed_for(connection, names, target=target):
            return None
    with writing(services.database) as connection:
        for one in store.armed_for(connection, names, target=target):
            if store.take(connection, one):
                note(verdict="failed", reason=FAULT)
                return one.name
    return None
