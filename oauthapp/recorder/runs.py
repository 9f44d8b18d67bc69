"""What happened in a scenario? Its latest run, or the one that a call began."""

from oauthapp.recorder.call import Call
from oauthapp.recorder.episode import episode
from oauthapp.recorder.store import Recorder
from oauthapp.recorder.timeline import Story
from oauthapp.recorder.timeline import tell
from oauthapp.scenarios import Scenario


def latest_run(recorder: Recorder, scenario: Scenario) -> Story:
    """The run that was begun last; empty when there was none."""
    first = recorder.latest(
        party=scenario.party, method=scenario.method, path=scenario.path
    )
    return run_of(recorder, first) if first else Story()


def run_of(recorder: Recorder, first: Call) -> Story:
    """The run that began with this call."""
    return tell(episode(recorder.run(first), first))
