"""What happened in a scenario? Its latest run, or the one that a call began."""

from oauthapp.kinds import Kind
from oauthapp.recorder.call import Call
from oauthapp.recorder.episode import episode
from oauthapp.recorder.step import path_of
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


def latest_failure(recorder: Recorder, scenario: Scenario, kind: Kind) -> Story | None:
    """The latest run of `scenario` in which a callback of that kind failed."""
    for call in recorder.latest_failed(kind):
        hanging = recorder.run(call)
        begun = [one for one in hanging if _begins(scenario, one) and one.at <= call.at]
        if not begun:
            continue
        story = tell(episode(hanging, begun[-1]))
        if any(step.failed for step in story.callbacks(kind)):
            return story
    return None


def _begins(scenario: Scenario, call: Call) -> bool:
    inbound = call.direction == "inbound"
    return inbound and scenario.begins_with(call.party, call.method, path_of(call.url))
