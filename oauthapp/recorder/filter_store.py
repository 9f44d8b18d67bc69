"""A filter as the database is asked for it: one index leads, the rest is looked up."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlalchemy import Text
from sqlalchemy import cast
from sqlalchemy import func
from sqlalchemy import literal_column
from sqlalchemy import or_
from sqlalchemy import true

from oauthapp.recorder.filter import Filter
from oauthapp.recorder.link_store import carrying
from oauthapp.recorder.places import places_from
from oauthapp.schema.recorder import STATUS_CLASS
from oauthapp.schema.recorder import calls

#: Calls with the same link that can be told apart by their other sides.
MOST_LINKED = 2000

Condition = ColumnElement[bool]

_EQUAL = ("kind", "party", "direction", "method", "verdict", "reason")
# Said once more as the index says it, which is how it is recognised.
_HAS_REASON = calls.c.reason != literal_column("''")
IS_BAD = calls.c.verdict.in_([literal_column("'refused'"), literal_column("'failed'")])


@dataclass(frozen=True, kw_only=True)
class Lead:
    """Conditions that one index finds, each in the order of the calls' numbers."""

    #: A call that fits one of them is to be looked at.
    ways: Sequence[Condition]
    #: What of the filter is fulfilled by that.
    fulfils: str = ""
    #: It finds few calls, and those out of order.
    few: bool = False


def lead(wanted: Filter) -> Lead:
    """The index that tells most."""
    if wanted.link:
        few = carrying(wanted.link, limit=MOST_LINKED)
        return Lead(ways=[calls.c.id.in_(few)], few=True)
    if wanted.reason:
        fits = calls.c.reason == wanted.reason
        return Lead(ways=[fits & _HAS_REASON], fulfils="reason")
    if wanted.path:
        return Lead(ways=[calls.c.place == one for one in places_from(wanted.path)])
    if wanted.unanswered:
        return Lead(ways=[STATUS_CLASS.is_(None)], fulfils="unanswered")
    if wanted.status:
        first = wanted.status if wanted.status < 10 else wanted.status // 100
        fulfils = "status" if wanted.status < 10 else ""
        return Lead(ways=[STATUS_CLASS == first], fulfils=fulfils)
    if wanted.verdict in ("refused", "failed") and wanted.kind:
        return Lead(ways=[(calls.c.kind == wanted.kind) & IS_BAD], fulfils="kind")
    if wanted.verdict in ("refused", "failed"):
        fits = calls.c.verdict == wanted.verdict
        return Lead(ways=[fits & IS_BAD], fulfils="verdict")
    if wanted.kind:
        return Lead(ways=[calls.c.kind == wanted.kind], fulfils="kind")
    return Lead(ways=[true()])


def conditions(wanted: Filter, *, without: str = "") -> list[Condition]:
    """All that is asked of a call itself, but for what is fulfilled already."""
    found = {
        name: calls.c[name] == getattr(wanted, name)
        for name in _EQUAL
        if getattr(wanted, name)
    }
    if wanted.path:
        found["path"] = at_or_below(wanted.path)
    if wanted.status:
        narrow = wanted.status < 10
        found["status"] = (STATUS_CLASS if narrow else calls.c.status) == wanted.status
    if wanted.unanswered:
        found["unanswered"] = calls.c.status.is_(None)
    if wanted.text:
        found["text"] = _contains(wanted.text)
    if wanted.since is not None:
        found["since"] = calls.c.at >= wanted.since
    if wanted.until is not None:
        found["until"] = calls.c.at <= wanted.until
    found.pop(without, None)
    return list(found.values())


def at_or_below(path: str) -> Condition:
    """This path, without the slash at its end if there is one, or a path below it."""
    below = path.rstrip("/") + "/"
    # LIKE would not care about case on one of the databases.
    inside = func.substr(calls.c.path, 1, len(below)) == below
    return (calls.c.path == path) | inside


def _contains(text: str) -> Condition:
    places = (
        calls.c.url,
        calls.c.request_body,
        calls.c.answer_body,
        cast(calls.c.request_headers, Text),
        cast(calls.c.answer_headers, Text),
    )
    return or_(*(one.icontains(text, autoescape=True) for one in places))
