"""Calls found by what they are and by what they share: each look served by an index."""

from collections.abc import Iterable
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter
from sqlalchemy import Connection
from sqlalchemy import Row
from sqlalchemy import Select
from sqlalchemy import bindparam
from sqlalchemy import select

from oauthapp.database import padded
from oauthapp.kinds import Kind
from oauthapp.recorder import link_store
from oauthapp.recorder.call import Call
from oauthapp.recorder.filter_store import IS_BAD
from oauthapp.recorder.filter_store import at_or_below
from oauthapp.recorder.places import place
from oauthapp.scenarios import Party
from oauthapp.schema.recorder import calls

#: A run is a login and its callbacks: a handful of calls. This many end a search.
RUN_LIMIT = 200
#: So many failed calls are looked at for one that was a callback.
FAILURES = 20
#: Calls of the same place that are looked into for the one that is sought.
LOOK = 2000
#: Built once: to build these takes longer than to have them answered.
_SOME: BindParameter[str] = bindparam("some", expanding=True)
_THESE = select(calls).where(calls.c.id.in_(_SOME))
_LINKS_OF_THESE = link_store.of_these(_SOME)
# Each column for itself: a database that is asked for either at once reads them all.
_CALLED_BY = tuple(
    select(calls.c.id).where(column.in_(_SOME)).limit(RUN_LIMIT)
    for column in (calls.c.parent_id, calls.c.caller_id)
)
_LINKED_BY = link_store.carrying(bindparam("one"), limit=RUN_LIMIT)


def latest(
    connection: Connection, *, party: Party, method: str, path: str
) -> Call | None:
    """The newest inbound call of `party` at `path`; "/a/" is all that is below."""
    number = calls.c.number
    there = select(number).where(calls.c.place == place(path))
    newest = there.order_by(number.desc()).limit(LOOK)
    statement = (
        select(calls)
        .where(
            number.in_(newest),
            calls.c.party == party,
            calls.c.method == method,
            calls.c.direction == "inbound",
            at_or_below(path),
        )
        .order_by(number.desc())
        .limit(1)
    )
    found = _find(connection, statement)
    return found[0] if found else None


def latest_failed(connection: Connection, kind: Kind) -> list[Call]:
    """The newest calls of that kind that were refused or did not work."""
    statement = select(calls).where(calls.c.kind == kind, IS_BAD)
    newest = statement.order_by(calls.c.number.desc()).limit(FAILURES)
    return _find(connection, newest)


def by_id(connection: Connection, call_id: str) -> Call | None:
    """The call of this id."""
    found = _find(connection, select(calls).where(calls.c.id == call_id))
    return found[0] if found else None


def run(connection: Connection, call: Call) -> tuple[Call, ...]:
    """All calls that share something with `call`, directly or by way of others.

    In the order in which they began.
    """
    found = {call.id: call}
    fresh: Sequence[Call] = [call]
    known_links: set[str] = set()
    while fresh and len(found) < RUN_LIMIT:
        links = {link for one in fresh for link in one.links} - known_links
        known_links |= links
        ids = _related(connection, fresh) | _linked(connection, links)
        missing = sorted(ids - set(found))[: RUN_LIMIT - len(found)]
        fresh = _find(connection, _THESE, missing) if missing else []
        found |= {one.id: one for one in fresh}
    return tuple(sorted(found.values(), key=lambda one: one.at))


def _related(connection: Connection, of: Sequence[Call]) -> set[str]:
    """Ids of those who made these calls, and of the calls made while answering them."""
    ids = padded([one.id for one in of])
    found = {one.parent_id for one in of} | {one.caller_id for one in of}
    for statement in _CALLED_BY:
        found |= set(connection.execute(statement, {"some": ids}).scalars())
    return {one for one in found if one}


def _linked(connection: Connection, links: Iterable[str]) -> set[str]:
    """Ids of the newest calls that carry one of these."""
    found: set[str] = set()
    for link in sorted(links):
        found |= set(connection.execute(_LINKED_BY, {"one": link}).scalars())
    return found


def _find(
    connection: Connection, statement: Select[Any], some: Sequence[str] = ()
) -> list[Call]:
    rows = connection.execute(statement, {"some": padded(some)} if some else {}).all()
    ids = [row.id for row in rows]
    if not ids:
        return []
    links: dict[str, set[str]] = {}
    for call_id, link in connection.execute(_LINKS_OF_THESE, {"some": padded(ids)}):
        links.setdefault(call_id, set()).add(link)
    return [_call(row, links.get(row.id, set())) for row in rows]


def _call(row: Row[Any], links: set[str]) -> Call:
    values = dict(row._mapping)
    for name in ("number", "path", "place"):
        del values[name]
    for name in ("request_headers", "answer_headers"):
        values[name] = tuple((key, value) for key, value in values[name])
    return Call(**values, links=frozenset(links))
