"""Armed faults: each is taken as many times as it was armed, by one caller each."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from oauthapp.schema.control import armed_faults


@dataclass(frozen=True, kw_only=True)
class Armed:
    """A fault that is to happen."""

    name: str
    #: The client_id or the endpoint's URL it is meant for, "" for any.
    target: str = ""
    #: How often it still has to happen.
    times: int = 1


def arm(connection: Connection, one: Armed, *, now: float) -> None:
    """Let a fault happen so many times from now on, however often before."""
    disarm(connection, one.name, target=one.target)
    connection.execute(insert(armed_faults), {**vars(one), "armed_at": now})


def disarm(
    connection: Connection, name: str | None = None, *, target: str | None = None
) -> None:
    """Let this fault not happen any more; without a name, none at all."""
    unwanted = delete(armed_faults)
    if name is not None:
        unwanted = unwanted.where(armed_faults.c.name == name)
    if target is not None:
        unwanted = unwanted.where(armed_faults.c.target == target)
    connection.execute(unwanted)


def listed(connection: Connection) -> tuple[Armed, ...]:
    """Those that are armed, the first one first."""
    order = (armed_faults.c.armed_at, armed_faults.c.name, armed_faults.c.target)
    rows = connection.execute(select(armed_faults).order_by(*order))
    return tuple(
        Armed(name=row.name, target=row.target, times=row.times) for row in rows
    )


def armed_for(
    connection: Connection, names: Collection[str], *, target: str
) -> tuple[Armed, ...]:
    """Those of `names` that are meant for `target` or for any, the first one first."""
    return tuple(
        one
        for one in listed(connection)
        if one.name in names and one.target in ("", target)
    )


def take(connection: Connection, one: Armed) -> bool:
    """Use up one time of an armed fault: whether there was one, for this caller."""
    same = (armed_faults.c.name == one.name) & (armed_faults.c.target == one.target)
    less = update(armed_faults).where(same).values(times=armed_faults.c.times - 1)
    taken = connection.execute(less)  # of two at once the second waits for the first
    connection.execute(delete(armed_faults).where(same, armed_faults.c.times == 0))
    return taken.rowcount == 1
