"""Calls, kept and found again: what goes in is redacted here, at the door."""

import logging
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import Any
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import SQLAlchemyError

from oauthapp.clock import Clock
from oauthapp.database import json_text
from oauthapp.database import reading
from oauthapp.errors import StoreUnavailable
from oauthapp.inserting import insert_all_once
from oauthapp.kinds import Kind
from oauthapp.recorder import run_store
from oauthapp.recorder.call import Call
from oauthapp.recorder.drain import Drain
from oauthapp.recorder.observation import Observation
from oauthapp.recorder.observation import redacted
from oauthapp.recorder.places import place
from oauthapp.recorder.proof_store import Proof
from oauthapp.recorder.proof_store import newest_by_reason
from oauthapp.recorder.redact import LINK_HEADERS
from oauthapp.recorder.redact import LINK_NAMES
from oauthapp.recorder.redact import Redactor
from oauthapp.recorder.step import path_of
from oauthapp.scenarios import Party
from oauthapp.schema.recorder import call_links
from oauthapp.schema.recorder import calls

log = logging.getLogger(__name__)

#: By what a value may tie calls together.
NAMES_OF_LINKS = LINK_NAMES | set(LINK_HEADERS.values())
Found = TypeVar("Found")


#: What of a call is a column as it is; the database numbers them itself.
_OF_A_CALL = tuple(
    name for name in calls.c.keys() if name not in ("number", "path", "place")
)
_JSON = ("request_headers", "answer_headers")


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
        self._listeners = [listener] if listener else []
        self._drain = Drain[Observation](self._keep_all)

    def keep(self, heard: Observation) -> None:
        """Redact and keep one call, at once or, while `in_background`, very soon.

        A recorder that cannot write must not fail the call it watches: the loss is
        logged and the call goes on.
        """
        self._drain.put(heard)

    def listen(self, listener: Callable[[Call], None]) -> None:
        """Tell this one, too, of each call once it is kept."""
        self._listeners.append(listener)

    def flush(self) -> None:
        """When this returns, every call that was heard is kept."""
        self._drain.flush()

    def is_full(self) -> bool:
        """Whether calls come faster than they are kept."""
        return self._drain.is_full()

    def keeps_nothing(self) -> bool:
        """Whether it only tells its listeners."""
        return self._database is None

    def in_background(self) -> AbstractContextManager[None]:
        """Until the block ends, requests do not wait for their call to be kept."""
        return self._drain.running()

    def _keep_all(self, heard: Sequence[Observation]) -> None:
        found = [redacted(one, self._key) for one in heard]
        try:
            self._insert(found)
        except SQLAlchemyError:  # one that cannot be kept must not cost the others
            self._insert_each(found)
        for listener in self._listeners:
            for call in found:
                self._tell(listener, call)

    def _tell(self, listener: Callable[[Call], None], call: Call) -> None:
        try:
            listener(call)
        except OSError as error:  # where it is printed is full, or nobody reads it
            log.error("call %s not told: %s", call.id, type(error).__name__)

    def _insert_each(self, found: Sequence[Call]) -> None:
        for number, call in enumerate(found):
            try:
                self._insert([call])
            except OperationalError as error:  # it is away: for the others, too
                log.error(
                    "call %s not recorded, nor %d after it: %s",
                    call.id,
                    len(found) - number - 1,
                    type(error).__name__,
                )
                return
            except SQLAlchemyError as error:
                log.error("call %s not recorded: %s", call.id, type(error).__name__)

    def _insert(self, found: Sequence[Call]) -> None:
        if self._database is None:
            return
        links = [link for one in found for link in links_of(one)]
        # A link to a call that is not there is harmless, a call without links is not.
        insert_all_once(self._database, call_links, links)
        insert_all_once(self._database, calls, [row_of(one) for one in found])

    def latest(self, *, party: Party, method: str, path: str) -> Call | None:
        """The newest inbound call of `party` at `path`; "/a/" is all that is below."""

        def look(connection: Connection) -> Call | None:
            return run_store.latest(connection, party=party, method=method, path=path)

        return self._look(look, None)

    def find(self, call_id: str) -> Call | None:
        """The call of that id."""
        return self._look(partial(run_store.by_id, call_id=call_id), None)

    def latest_failed(self, kind: Kind) -> Sequence[Call]:
        """The newest calls of that kind that were refused or did not work."""
        return self._look(partial(run_store.latest_failed, kind=kind), [])

    def newest_by_reason(self) -> Mapping[str, Proof]:
        """The newest call of each reason code."""
        return self._look(newest_by_reason, {})

    def run(self, call: Call) -> tuple[Call, ...]:
        """All calls that share something with `call`, directly or by way of others.

        In the order in which they began.
        """
        return self._look(partial(run_store.run, call=call), (call,))

    def link(self, name: str, value: str) -> str:
        """How `value` ties calls together, by its name: "state:1f3a…"."""
        return f"{name}:{Redactor(self._key).hash(value)}"

    def links_if(self, value: str) -> list[str]:
        """How it would, were it a state, a message id or the like."""
        return [self.link(name, value) for name in sorted(NAMES_OF_LINKS)]

    @property
    def database(self) -> Engine:
        """Where calls are kept; all that was heard so far is in it.

        :raises StoreUnavailable: when nothing is kept.
        """
        if self._database is None:
            raise StoreUnavailable(arrived="a recorder that keeps nothing")
        self.flush()
        return self._database

    def _look(self, look: Callable[[Connection], Found], nothing: Found) -> Found:
        """What is found, or `nothing` where nothing is kept."""
        if self._database is None:
            return nothing
        self.flush()
        with reading(self._database) as connection:
            return look(connection)


def links_of(call: Call) -> list[dict[str, Any]]:
    """What a call shares with others, as it is kept."""
    return [{"link": one, "at": call.at, "call_id": call.id} for one in call.links]


def row_of(call: Call) -> dict[str, Any]:
    """A call as it is kept, but for its number; JSON as text."""
    path = path_of(call.url)
    row = {"path": path, "place": place(path)}
    for name in _OF_A_CALL:
        row[name] = getattr(call, name)
    for name in _JSON:
        row[name] = json_text(row[name])
    return row
