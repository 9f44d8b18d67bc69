"""A build, played: somebody pushes at the provider, the app builds and reports."""

from oauthapp.faults import Fault
from oauthapp.playing.stage import Stage
from oauthapp.playing.waiting import wait_for_callbacks
from oauthapp.recorder.call import Call

PUSH = ("push", "commit")


def play(stage: Stage, fault: Fault | None = None) -> None:
    """Push a commit, and wait until it was reported on."""
    if fault is not None:
        stage.arm(fault)
    before = stage.arrivals.count()
    stage.visitor.open(f"{stage.provider_url}/repos/demo")
    stage.visitor.submit({}, button=PUSH)
    if fault is not None and fault.kind == "webhook":
        wait_for_callbacks(stage, before, "/webhooks/", fault)
    stage.arrivals.wait_until(_told_of_it, after=before)
    if stage.arrivals.wait_until(_ended, after=before):
        stage.arrivals.wait_until(_answered, after=before)


def _told_of_it(call: Call) -> bool:
    heard = (call.party, call.direction) == ("app", "inbound")
    return heard and call.kind == "webhook" and call.verdict == "accepted"


def _ended(call: Call) -> bool:
    """The report was heard, or is not to be made."""
    heard = (call.party, call.direction) == ("provider", "inbound")
    ended = (heard and call.verdict == "accepted") or _is_unmade(call)
    return ended and call.kind == "callback_url"


def _answered(call: Call) -> bool:
    """The same call, as the app made it: kept a moment later."""
    made = (call.party, call.direction) == ("app", "outbound")
    done = call.status == 201 or _is_unmade(call)
    return made and call.kind == "callback_url" and done


def _is_unmade(call: Call) -> bool:
    return call.direction == "outbound" and call.verdict == "refused"
