"""A callback within one process: there is no request to hear, so it is told here."""

from collections.abc import Iterator
from contextlib import contextmanager

from oauthapp.errors import OauthappError
from oauthapp.recorder.call import SIGNAL
from oauthapp.recorder.call import Notes
from oauthapp.recorder.call import current_notes
from oauthapp.recorder.call import new_call_id
from oauthapp.recorder.observation import Observation
from oauthapp.recorder.store import Recorder
from oauthapp.scenarios import Party


@contextmanager
def recorded_signal(
    recorder: Recorder, party: Party, name: str, *shares: tuple[str, str]
) -> Iterator[None]:
    """Keep that a signal was sent in this block, also when a receiver raised."""
    notes = Notes(call_id=new_call_id(), kind="in-process", shares=list(shares))
    notes.verdict, notes.reason = "failed", "exception"
    before, began = current_notes.set(notes), recorder.clock()
    try:
        yield
        notes.verdict, notes.reason = "accepted", ""
    except OauthappError as error:
        notes.reason = error.code
        raise
    finally:
        current_notes.reset(before)
        recorder.keep(_observation(notes, party, name, began, recorder.clock()))


def _observation(
    notes: Notes, party: Party, name: str, began: float, ended: float
) -> Observation:
    return Observation(
        id=notes.call_id,
        party=party,
        direction="inbound",
        at=began,
        ms=(ended - began) * 1000,
        method=SIGNAL,
        url=f"signal:{name}",
        request_headers=(),
        request_body=b"",
        status=None,
        answer_headers=(),
        answer_body=b"",
        kind=notes.kind,
        verdict=notes.verdict,
        reason=notes.reason,
        shares=tuple(notes.shares),
    )
