"""Recorded calls, filtered and in pages: as fast among a million as among a thousand.

A page begins where the one before it ended (a keyset), so that none is counted to. One
index leads from call to call; what else is asked for is looked up in those it leads
to, and in no more than `LOOK` of them. A page says when it stopped for that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import Row
from sqlalchemy import Select
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import union_all

from oauthapp.database import reading
from oauthapp.recorder import link_store
from oauthapp.recorder.filter import Filter
from oauthapp.recorder.filter_store import Condition
from oauthapp.recorder.filter_store import Lead
from oauthapp.recorder.filter_store import conditions
from oauthapp.recorder.filter_store import lead
from oauthapp.recorder.time_store import bounds
from oauthapp.schema.recorder import calls

#: Calls on a page.
PAGE = 50
#: Calls that are looked into for one page: half again as many as a small recorder has.
LOOK = 1500
#: What a list shows of a call.
SHOWN = tuple(
    calls.c[name]
    for name in "number id party direction at ms method status kind verdict reason "
    "path".split()
)


@dataclass(frozen=True, kw_only=True)
class Page:
    """Calls from the newest to the oldest, and where to go on."""

    rows: Sequence[Row[Any]]
    #: Go on before this number for older ones, after that one for newer ones.
    older: int | None = None
    newer: int | None = None
    #: How many calls were looked into, where there are more than that.
    looked_into: int | None = None


@dataclass(frozen=True, kw_only=True)
class _Walk:
    """Rows as far as they were looked for; `end` is where to go on, if anywhere."""

    rows: list[Row[Any]]
    end: int | None = None
    looked_into: int | None = None


def page(
    engine: Engine,
    wanted: Filter,
    *,
    before: int | None = None,
    after: int | None = None,
) -> Page:
    """The newest calls that are `wanted`, those before a number, or just after one."""
    with reading(engine) as connection:
        limits = bounds(connection, wanted)
        if after is not None:
            found = _newer(connection, wanted, limits, after)
            if found.newer is not None:
                return found
            before = None  # so few are newer that they are part of the first page
        return _older(connection, wanted, limits, before)


def extent(engine: Engine) -> tuple[int, int]:
    """The numbers of the oldest and the newest call, (0, 0) when there is none."""
    with reading(engine) as connection:
        ends = [
            connection.execute(select(end(calls.c.number))).scalar()
            for end in (func.min, func.max)
        ]
    return ends[0] or 0, ends[1] or 0


def carried(engine: Engine, links: Sequence[str]) -> list[str]:
    """Those of `links` that some call carries."""
    with reading(engine) as connection:
        return [
            link
            for link in links
            if connection.execute(link_store.carrying(link, limit=1)).first()
        ]


def _older(
    connection: Connection,
    wanted: Filter,
    limits: Sequence[Condition],
    before: int | None,
) -> Page:
    if before is not None:
        limits = [*limits, calls.c.number < before]
    walk = _walk(connection, wanted, limits, newest_first=True)
    newer = None
    if before is not None:
        newer = walk.rows[0].number if walk.rows else before - 1
    return Page(
        rows=walk.rows, older=walk.end, newer=newer, looked_into=walk.looked_into
    )


def _newer(
    connection: Connection, wanted: Filter, limits: Sequence[Condition], after: int
) -> Page:
    limits = [*limits, calls.c.number > after]
    walk = _walk(connection, wanted, limits, newest_first=False)
    rows = walk.rows[::-1]
    older = rows[-1].number if rows else after + 1
    return Page(rows=rows, older=older, newer=walk.end, looked_into=walk.looked_into)


def _walk(
    connection: Connection,
    wanted: Filter,
    limits: Sequence[Condition],
    *,
    newest_first: bool,
) -> _Walk:
    led = lead(wanted)
    rest = conditions(wanted, without=led.fulfils)
    look = LOOK if rest else PAGE + 1
    numbers = _numbers(led, limits, newest_first=newest_first, limit=look)
    statement = select(*SHOWN).where(calls.c.number.in_(numbers), *rest)
    statement = statement.order_by(_order(calls.c.number, newest_first))
    rows = list(connection.execute(statement.limit(PAGE + 1)))
    if len(rows) > PAGE:
        return _Walk(rows=rows[:PAGE], end=rows[PAGE - 1].number)
    if not rest:
        return _Walk(rows=rows)
    seen = numbers.subquery().c.number
    last = func.min(seen) if newest_first else func.max(seen)
    count, end = connection.execute(select(func.count(), last)).one()
    if count < look:
        return _Walk(rows=rows)
    return _Walk(rows=rows, end=end, looked_into=look)


def _numbers(
    led: Lead, limits: Sequence[Condition], *, newest_first: bool, limit: int
) -> Select[Any]:
    """Numbers of calls to look at, from the first one on, no more than `limit`."""
    number = calls.c.number
    # A sum is in no index, so none is followed for the order's sake alone.
    first = _order(number + 0 if led.few else number, newest_first)
    each = [
        select(number).where(*limits, way).order_by(first).limit(limit)
        for way in led.ways
    ]
    if len(each) == 1:
        return each[0]
    both = union_all(*(select(one.subquery().c.number) for one in each)).subquery()
    joined = both.c.number
    return select(joined).order_by(_order(joined, newest_first)).limit(limit)


def _order(number: Any, newest_first: bool) -> Any:
    return number.desc() if newest_first else number.asc()
