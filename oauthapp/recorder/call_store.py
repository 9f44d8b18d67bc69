"""Calls in their database: kept there, and found again."""

import logging
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import SQLAlchemyError

from oauthapp.database import json_text
from oauthapp.database import reading
from oauthapp.inserting import Given
from oauthapp.inserting import as_given
from oauthapp.inserting import insert_all_once
from oauthapp.kinds import Kind
from oauthapp.recorder import link_store
from oauthapp.recorder import run_store
from oauthapp.recorder.call import Call
from oauthapp.recorder.places import place
from oauthapp.recorder.proof_store import Proof
from oauthapp.recorder.proof_store import newest_by_reason
from oauthapp.recorder.step import path_of
from oauthapp.scenarios import Party
from oauthapp.schema.recorder import calls
from oauthapp.schema.recorder import new_call_links

log = logging.getLogger(__name__)

Found = TypeVar("Found")

#: Links that wait to be put in order where there is no time for it: who looks for one
#: reads them all.
MOST_NEW = 20_000
#: So many at once: with less, most pages of the index are written for one link each,
#: with more, so many calls come meanwhile that requests wait for their place.
SOME_NEW = 10_000

#: What of a call is a column as it is; the database numbers them itself.
_OF_A_CALL = tuple(
    name for name in calls.c.keys() if name not in ("number", "path", "place")
)
_values_of = attrgetter(*_OF_A_CALL)
_JSON = ("request_headers", "answer_headers")


@dataclass(frozen=True, slots=True)
class CallRows:
    """What is inserted of a call."""

    call_id: str
    call: Given
    links: Sequence[Given]


class CallStore:
    """What a recorder keeps. It is redacted before it comes here."""

    def __init__(self, database: Engine) -> None:
        self.database = database
        #: Links that wait to be put in order. Who was here before may have left some.
        self._new = MOST_NEW

    def rows(self, call: Call) -> CallRows:
        """What `keep` wants of a call: all that can be done before."""
        dialect = self.database.dialect.name
        return CallRows(
            call.id,
            as_given(dialect, calls, row_of(call)),
            [as_given(dialect, new_call_links, link) for link in links_of(call)],
        )

    def keep(self, found: Sequence[CallRows]) -> None:
        """Keep calls; the loss of one that cannot be kept is logged."""
        try:
            self._insert(found)
        except SQLAlchemyError:  # one that cannot be kept must not cost the others
            self._insert_each(found)
        while self._new >= MOST_NEW:
            self.put_in_order()

    def put_in_order(self) -> bool:
        """Have some links found by an index, too: whether there may be more."""
        if not self._new:
            return False
        try:
            moved = link_store.put_in_order(self.database, most=SOME_NEW)
        except SQLAlchemyError as error:  # nothing is lost, and it is tried again
            log.info("links not put in order: %s", type(error).__name__)
            moved = 0
        more = moved == SOME_NEW
        self._new = self._new - moved if more else 0
        return more

    def _insert_each(self, found: Sequence[CallRows]) -> None:
        for number, call in enumerate(found):
            try:
                self._insert([call])
            except OperationalError as error:  # it is away: for the others, too
                log.error(
                    "call %s not recorded, nor %d after it: %s",
                    call.call_id,
                    len(found) - number - 1,
                    type(error).__name__,
                )
                return
            except SQLAlchemyError as error:
                log.error(
                    "call %s not recorded: %s", call.call_id, type(error).__name__
                )

    def _insert(self, found: Sequence[CallRows]) -> None:
        links = [link for one in found for link in one.links]
        # A link to a call that is not there is harmless, a call without links is not.
        insert_all_once(self.database, new_call_links, links)
        insert_all_once(self.database, calls, [one.call for one in found])
        self._new += len(links)

    def latest(self, *, party: Party, method: str, path: str) -> Call | None:
        """The newest inbound call of `party` at `path`; "/a/" is all that is below."""

        def look(connection: Connection) -> Call | None:
            return run_store.latest(connection, party=party, method=method, path=path)

        return self._look(look)

    def find(self, call_id: str) -> Call | None:
        """The call of that id."""
        return self._look(partial(run_store.by_id, call_id=call_id))

    def latest_failed(self, kind: Kind) -> Sequence[Call]:
        """The newest calls of that kind that were refused or did not work."""
        return self._look(partial(run_store.latest_failed, kind=kind))

    def newest_by_reason(self) -> Mapping[str, Proof]:
        """The newest call of each reason code."""
        return self._look(newest_by_reason)

    def run(self, call: Call) -> tuple[Call, ...]:
        """All calls that share something with `call`, directly or by way of others."""
        return self._look(partial(run_store.run, call=call))

    def _look(self, look: Callable[[Connection], Found]) -> Found:
        with reading(self.database) as connection:
            return look(connection)


def links_of(call: Call) -> list[dict[str, Any]]:
    """What a call shares with others, as it is kept."""
    return [{"link": one, "at": call.at, "call_id": call.id} for one in call.links]


def row_of(call: Call) -> dict[str, Any]:
    """A call as it is kept, but for its number; JSON as text."""
    path = path_of(call.url)
    row = dict(zip(_OF_A_CALL, _values_of(call), strict=True))
    row["path"], row["place"] = path, place(path)
    for name in _JSON:
        row[name] = json_text(row[name])
    return row
