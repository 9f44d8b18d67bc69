"""Calls, kept and found again: what goes in is redacted here, at the door."""

import logging
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Engine
from sqlalchemy import Row
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from oauthapp.clock import Clock
from oauthapp.database import insert_all_once
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.kinds import Kind
from oauthapp.recorder.call import Call
from oauthapp.recorder.drain import Drain
from oauthapp.recorder.observation import Observation
from oauthapp.recorder.observation import redacted
from oauthapp.scenarios import Party
from oauthapp.schema.recorder import call_links
from oauthapp.schema.recorder import calls

log = logging.getLogger(__name__)

#: A run is a login and its callbacks: a handful of calls. This many end a search.
RUN_LIMIT = 200
#: So many failed calls are looked at for one that was a callback.
FAILURES = 20


class Recorder:
    """Keeps calls and finds those that belong together."""

    def __init__(
        self,
        database: Engine | None,
        key: str,
        clock: Clock,
        listener: Callable[[Call], None] | None = None,
    ) -> None:
        """
        :param database: None to keep nothing and only tell the listener.
        :param listener: is told of each call once it is kept.
        """
        self.clock = clock
        self._database = database
        self._key = key.encode()
        self._listener = listener
        self._drain = Drain[Observation](self._keep_all)

    def keep(self, heard: Observation) -> None:
        """Redact and keep one call, at once or, while `in_background`, very soon.

        A recorder that cannot write must not fail the call it watches: the loss is
        logged and the call goes on.
        """
        self._drain.put(heard)

    def flush(self) -> None:
        """When this returns, every call that was heard is kept."""
        self._drain.flush()

    def in_background(self) -> AbstractContextManager[None]:
        """Until the block ends, requests do not wait for their call to be kept."""
        return self._drain.running()

    def _keep_all(self, heard: Sequence[Observation]) -> None:
        found = [redacted(one, self._key) for one in heard]
        try:
            self._insert(found)
        except SQLAlchemyError:  # one that cannot be kept must not cost the others
            for call in found:
                self._insert_or_log(call)
        if self._listener:
            for call in found:
                self._listener(call)

    def _insert_or_log(self, call: Call) -> None:
        try:
            self._insert([call])
        except SQLAlchemyError as error:
            log.error("call %s not recorded: %s", call.id, type(error).__name__)

    def _insert(self, found: Sequence[Call]) -> None:
        if self._database is None:
            return
        links = [
            {"link": link, "call_id": one.id} for one in found for link in one.links
        ]
        with writing(self._database) as connection:
            insert_all_once(connection, calls, [_row(one) for one in found])
            insert_all_once(connection, call_links, links)

    def latest(self, *, party: Party, method: str, path: str) -> Call | None:
        """The newest inbound call of `party` whose path begins with `path`."""
        matches = calls.c.url.regexp_match(f"^https?://[^/]+{path}")
        here = (calls.c.party == party, calls.c.direction == "inbound")
        statement = (
            select(calls)
            .where(*here, calls.c.method == method, matches)
            .order_by(calls.c.number.desc())
            .limit(1)
        )
        found = self._find(statement)
        return found[0] if found else None

    def find(self, call_id: str) -> Call | None:
        """The call of that id."""
        found = self._find(select(calls).where(calls.c.id == call_id))
        return found[0] if found else None

    def latest_failed(self, kind: Kind) -> Sequence[Call]:
        """The newest calls of that kind that were refused or did not work."""
        bad = calls.c.verdict.in_(("refused", "failed"))
        return self._find(
            select(calls)
            .where(calls.c.kind == kind, bad)
            .order_by(calls.c.number.desc())
            .limit(FAILURES)
        )

    def run(self, call: Call) -> tuple[Call, ...]:
        """All calls that share something with `call`, directly or by way of others.

        In the order in which they began.
        """
        found = {call.id: call}
        fresh: Iterable[Call] = [call]
        while fresh and len(found) < RUN_LIMIT:
            known = set(found)
            for one in self._neighbours(fresh):
                found.setdefault(one.id, one)
            fresh = [one for one in found.values() if one.id not in known]
        return tuple(sorted(found.values(), key=lambda one: one.at))

    def _neighbours(self, of: Iterable[Call]) -> list[Call]:
        ids = [one.id for one in of]
        parents = [one.parent_id for one in of if one.parent_id]
        callers = [one.caller_id for one in of if one.caller_id]
        links = {link for one in of for link in one.links}
        linked = select(call_links.c.call_id).where(call_links.c.link.in_(links))
        statement = select(calls).where(
            calls.c.id.in_(linked)
            | calls.c.id.in_([*parents, *callers])
            | calls.c.parent_id.in_(ids)
            | calls.c.caller_id.in_(ids)
        )
        return self._find(statement.order_by(calls.c.number.desc()).limit(RUN_LIMIT))

    def _find(self, statement: Any) -> list[Call]:
        self.flush()
        if self._database is None:
            return []
        with reading(self._database) as connection:
            rows = connection.execute(statement).all()
            ids = [row.id for row in rows]
            pairs = connection.execute(
                select(call_links.c.call_id, call_links.c.link).where(
                    call_links.c.call_id.in_(ids)
                )
            ).all()
        links: dict[str, set[str]] = {}
        for call_id, link in pairs:
            links.setdefault(call_id, set()).add(link)
        return [_call(row, links.get(row.id, set())) for row in rows]


def _row(call: Call) -> dict[str, Any]:
    return {name: getattr(call, name) for name in calls.c.keys() if name != "number"}


def _call(row: Row[Any], links: set[str]) -> Call:
    values = dict(row._mapping)
    del values["number"]
    for name in ("request_headers", "answer_headers"):
        values[name] = tuple((key, value) for key, value in values[name])
    return Call(**values, links=frozenset(links))
