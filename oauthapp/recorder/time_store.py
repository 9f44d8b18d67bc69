"""Between which numbers are the calls of a time? Found by halving, without an index.

A call is numbered when it has ended, so the numbers run with the time but for those
that overlap.
"""

from sqlalchemy import Connection
from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import select

from oauthapp.recorder.filter import Filter
from oauthapp.recorder.filter_store import Condition
from oauthapp.schema.recorder import calls

#: Seconds by which a call that is numbered later may have begun earlier.
OVERLAP = 120.0

#: The first call that has this number or a higher one; made once, as it is asked often.
_FIRST_FROM = (
    select(calls.c.number, calls.c.at)
    .where(calls.c.number >= bindparam("least"))
    .order_by(calls.c.number)
    .limit(1)
)


def bounds(connection: Connection, wanted: Filter) -> list[Condition]:
    """What the numbers of all calls of that time fulfil, and of few others."""
    found: list[Condition] = []
    if wanted.since is not None:
        first = _first_at(connection, wanted.since - OVERLAP)
        found.append(calls.c.number >= first)
    if wanted.until is not None:
        end = _first_at(connection, wanted.until + OVERLAP)
        found.append(calls.c.number <= end)
    return found


def _first_at(connection: Connection, at: float) -> int:
    """The number of the first call that began then or later."""
    low, high = 0, connection.execute(select(func.max(calls.c.number))).scalar() or 0
    while low < high:
        middle = (low + high) // 2
        row = connection.execute(_FIRST_FROM, {"least": middle}).first()
        if row is None or row.at >= at:
            high = middle
        else:
            low = row.number + 1
    return low
