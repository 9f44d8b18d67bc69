"""A call that we were told to make and did not: kept, so that it can be seen."""

from oauthapp.recorder.call import current_notes
from oauthapp.recorder.call import new_call_id
from oauthapp.recorder.observation import Observation
from oauthapp.recorder.store import Recorder
from oauthapp.scenarios import Party


def keep_unmade(
    recorder: Recorder, party: Party, method: str, url: str, *, reason: str
) -> None:
    """Keep that this party refused to call `url`: nothing was sent."""
    notes = current_notes.get()
    recorder.keep(
        Observation(
            id=new_call_id(),
            party=party,
            direction="outbound",
            at=recorder.clock(),
            ms=0.0,
            method=method,
            url=url,
            request_headers=(),
            request_body=b"",
            status=None,
            answer_headers=(),
            answer_body=b"",
            kind=notes.kind if notes else "redirect",
            verdict="refused",
            reason=reason,
            parent_id=(notes.call_id or None) if notes else None,
            shares=tuple(notes.shares) if notes else (),
        )
    )
