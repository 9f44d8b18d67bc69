"""Bins, kept: how each answers, and how often it was called."""

import secrets
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import fields
from typing import Any

from sqlalchemy import Engine
from sqlalchemy import Row
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import update

from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.schema.app import bins
from oauthapp.ui.bins.form import Behaviour
from oauthapp.ui.bins.refusals import BinsFull
from oauthapp.ui.bins.refusals import UnknownBin

#: Bins there can be at the same time.
LIMIT = 50


@dataclass(frozen=True, kw_only=True)
class Bin:
    """A bin as it is kept."""

    id: str
    behaviour: Behaviour
    #: How often it was called.
    came: int
    created_at: float

    @property
    def fails(self) -> bool:
        """Whether the call that came last is one of those that fail on purpose."""
        return self.came <= self.behaviour.failures


def keep(engine: Engine, behaviour: Behaviour, *, now: float) -> str:
    """A new bin's id, which nobody can guess.

    :raises BinsFull: when there are too many.
    """
    bin_id = secrets.token_urlsafe(16)
    row = {"bin_id": bin_id, "came": 0, "created_at": now, **asdict(behaviour)}
    with writing(engine) as connection:
        count = connection.execute(select(func.count()).select_from(bins)).scalar_one()
        if count >= LIMIT:
            raise BinsFull(
                arrived=f"one more than {count}", expected=f"at most {LIMIT}"
            )
        connection.execute(insert(bins), row)
    return bin_id


def called(engine: Engine, bin_id: str) -> Bin:
    """Count one call: the bin, this call included.

    :raises UnknownBin: when there is none of this id.
    """
    counted = update(bins).where(bins.c.bin_id == bin_id).values(came=bins.c.came + 1)
    with writing(engine) as connection:
        return _bin(connection.execute(counted.returning(bins)).first(), bin_id)


def find(engine: Engine, bin_id: str) -> Bin:
    """The bin of this id.

    :raises UnknownBin: when there is none.
    """
    with reading(engine) as connection:
        found = connection.execute(select(bins).where(bins.c.bin_id == bin_id))
        return _bin(found.first(), bin_id)


def every(engine: Engine) -> list[Bin]:
    """All bins, the newest first."""
    with reading(engine) as connection:
        rows = connection.execute(select(bins).order_by(bins.c.created_at.desc()))
        return [_bin(row, "") for row in rows]


def remove(engine: Engine, bin_id: str) -> None:
    """There is no such bin any more."""
    with writing(engine) as connection:
        connection.execute(delete(bins).where(bins.c.bin_id == bin_id))


def _bin(row: Row[Any] | None, bin_id: str) -> Bin:
    if row is None:
        raise UnknownBin(arrived=bin_id[:80])
    values = {one.name: getattr(row, one.name) for one in fields(Behaviour)}
    values["headers"] = tuple((name, value) for name, value in values["headers"])
    return Bin(
        id=row.bin_id,
        behaviour=Behaviour(**values),
        came=row.came,
        created_at=row.created_at,
    )
