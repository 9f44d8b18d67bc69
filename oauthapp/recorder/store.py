"""Calls, kept and found again: what goes in is redacted here, at the door."""

import logging
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from oauthapp.clock import Clock
from oauthapp.errors import StoreUnavailable
from oauthapp.kinds import Kind
from oauthapp.recorder.call import Call
from oauthapp.recorder.call import Listener
from oauthapp.recorder.drain import Drain
from oauthapp.recorder.observation import Observation
from oauthapp.recorder.observation import redacted
from oauthapp.recorder.redact import LINK_HEADERS
from oauthapp.recorder.redact import LINK_NAMES
from oauthapp.recorder.redact import Redactor
from oauthapp.scenarios import Party

if TYPE_CHECKING:
    from oauthapp.recorder.call_store import CallRows
    from oauthapp.recorder.call_store import CallStore
    from oauthapp.recorder.proof_store import Proof

#: A call that is kept soon, and as what; as nothing when it is only told.
_Waiting = tuple[Call, "CallRows | None"]

log = logging.getLogger(__name__)

#: By what a value may tie calls together.
NAMES_OF_LINKS = LINK_NAMES | set(LINK_HEADERS.values())


class Recorder:
    """Keeps calls and finds those that belong together."""

    def __init__(
        self,
        database: Engine | None,
        key: str,
        clock: Clock,
        listener: Listener | None = None,
    ) -> None:
        """
        :param database: None to keep nothing and only tell the listener.
        :param listener: is told of calls once they are kept.
        """
        self.clock = clock
        self._calls = None if database is None else _calls_in(database)
        self._key = key.encode()
        self._listeners = [listener] if listener else []
        self._drain = Drain[_Waiting](self._keep_all, self._tidy_up)

    def keep(self, heard: Observation) -> None:
        """Redact one call, and keep it at once or, while `in_background`, very soon.

        A recorder that cannot write must not fail the call it watches: the loss is
        logged and the call goes on.
        """
        # What takes the interpreter's time is done here, a little for each call: a
        # thread that did it for many would have all others wait meanwhile.
        call = redacted(heard, self._key)
        self._drain.put((call, self._calls.rows(call) if self._calls else None))

    def listen(self, listener: Listener) -> None:
        """Tell this one, too, of calls once they are kept."""
        self._listeners.append(listener)

    def flush(self) -> None:
        """When this returns, every call that was heard is kept."""
        self._drain.flush()

    def is_full(self) -> bool:
        """Whether calls come faster than they are kept."""
        return self._drain.is_full()

    def keeps_nothing(self) -> bool:
        """Whether it only tells its listeners."""
        return self._calls is None

    def in_background(self) -> AbstractContextManager[None]:
        """Until the block ends, requests do not wait for their call to be kept."""
        return self._drain.running()

    def _keep_all(self, found: Sequence["_Waiting"]) -> None:
        if self._calls is not None:
            self._calls.keep([rows for _call, rows in found if rows])
        calls = [call for call, _rows in found]
        for listener in self._listeners:
            try:
                listener(calls)
            except OSError as error:  # where it is printed is full, or nobody reads it
                log.error("%d calls not told: %s", len(calls), type(error).__name__)

    def _tidy_up(self) -> bool:
        return self._calls is not None and self._calls.put_in_order()

    def latest(self, *, party: Party, method: str, path: str) -> Call | None:
        """The newest inbound call of `party` at `path`; "/a/" is all that is below."""
        kept = self._kept()
        return kept.latest(party=party, method=method, path=path) if kept else None

    def find(self, call_id: str) -> Call | None:
        """The call of that id."""
        kept = self._kept()
        return kept.find(call_id) if kept else None

    def latest_failed(self, kind: Kind) -> Sequence[Call]:
        """The newest calls of that kind that were refused or did not work."""
        kept = self._kept()
        return kept.latest_failed(kind) if kept else ()

    def newest_by_reason(self) -> Mapping[str, "Proof"]:
        """The newest call of each reason code."""
        kept = self._kept()
        return kept.newest_by_reason() if kept else {}

    def run(self, call: Call) -> tuple[Call, ...]:
        """All calls that share something with `call`, directly or by way of others.

        In the order in which they began.
        """
        kept = self._kept()
        return kept.run(call) if kept else (call,)

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
        kept = self._kept()
        if kept is None:
            raise StoreUnavailable(arrived="a recorder that keeps nothing")
        return kept.database

    def _kept(self) -> "CallStore | None":
        """All that was heard so far, if it is kept."""
        if self._calls is not None:
            self.flush()
        return self._calls


def _calls_in(database: Engine) -> "CallStore":
    from oauthapp.recorder.call_store import CallStore  # and how calls are found

    return CallStore(database)
