"""A build, played: somebody pushes at the provider, the app builds and reports."""

from oauthapp.faults import Fault
from oauthapp.playing.arrivals import PATIENCE
from oauthapp.playing.stage import Stage
from oauthapp.recorder.call import Call

PUSH = ("push", "commit")
#: Seconds to wait for what is never to come.
MOMENT = 1.0


def play(stage: Stage, fault: Fault | None = None) -> None:
    """Push a commit, and wait until it was reported on."""
    if fault is not None:
        stage.arm(fault)
    before = stage.arrivals.count()
    stage.visitor.open(f"{stage.provider_url}/repos/demo")
    stage.visitor.submit({}, button=PUSH)
    stage.arrivals.wait_until(_told_of_it, after=before)
    never = fault is not None and fault.outcome == ("never",)
    seconds = MOMENT if never else PATIENCE
    if stage.arrivals.wait_until(_reported, after=before, seconds=seconds):
        stage.arrivals.wait_until(_answered, after=before)


def _told_of_it(call: Call) -> bool:
    heard = (call.party, call.direction) == ("app", "inbound")
    return heard and call.kind == "webhook" and call.verdict == "accepted"


def _reported(call: Call) -> bool:
    heard = (call.party, call.direction) == ("provider", "inbound")
    return heard and call.kind == "callback_url" and call.verdict == "accepted"


def _answered(call: Call) -> bool:
    """The same call, as the app made it: kept a moment later."""
    made = (call.party, call.direction) == ("app", "outbound")
    return made and call.kind == "callback_url" and call.status == 201
