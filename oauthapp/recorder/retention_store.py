"""The recorder's oldest calls: looked at, and in the end forgotten."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine
from sqlalchemy import Row
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select

from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.schema.recorder import call_links
from oauthapp.schema.recorder import calls


def oldest(engine: Engine, *, limit: int) -> list[Row[Any]]:
    """Number, id and beginning of the calls that were kept first."""
    columns = select(calls.c.number, calls.c.id, calls.c.at)
    with reading(engine) as connection:
        first = columns.order_by(calls.c.number).limit(limit)
        return list(connection.execute(first))


def newest_number(engine: Engine) -> int:
    """The number of the call kept last, 0 when there is none."""
    with reading(engine) as connection:
        return connection.execute(select(func.max(calls.c.number))).scalar() or 0


def forget(engine: Engine, ids: Sequence[str]) -> int:
    """Delete these calls and what ties them to others: how many there were."""
    with writing(engine) as connection:
        connection.execute(delete(call_links).where(call_links.c.call_id.in_(ids)))
        return connection.execute(delete(calls).where(calls.c.id.in_(ids))).rowcount
