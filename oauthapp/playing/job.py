"""A job, played: begun at the app, until it was told in each way that it is told."""

from collections.abc import Mapping

from oauthapp.control.taking import FAULT
from oauthapp.faults import Fault
from oauthapp.playing.stage import Stage
from oauthapp.playing.waiting import wait_for_callbacks
from oauthapp.recorder.call import Call
from oauthapp.recorder.step import path_of

BEGIN = ("begin", "export")
#: Where the app takes results.
RESULTS = "/results/"
#: Attempts that the sender makes before it gives up.
ALL = 10
_TIMES: Mapping[str, int] = {"callback_refused_always": ALL}


def play(stage: Stage, fault: Fault | None = None) -> None:
    """Begin an export, and wait until nothing more is to come."""
    name = fault.name if fault else ""
    if fault is not None:
        stage.arm(fault, times=_TIMES.get(name, 1))
    before = stage.arrivals.count()
    stage.visitor.open(f"{stage.app_url}/exports")
    stage.visitor.submit({}, button=BEGIN)
    wait = stage.arrivals.wait_until
    if fault is not None and fault.kind == "callback_url":
        wait_for_callbacks(stage, before, RESULTS, fault)
    else:
        wait(_result_taken, after=before)
    last = wait(
        _no_more_asked if name == "poll_404" else _told_when_asked, after=before
    )
    if last is not None:  # kept by whoever asked a moment later
        wait(lambda call: call.id == last.caller_id, after=before)


def _result_taken(call: Call) -> bool:
    heard = (call.party, call.direction) == ("app", "inbound")
    is_result = heard and path_of(call.url).startswith(RESULTS)
    return is_result and call.verdict == "accepted"


def _told_when_asked(call: Call) -> bool:
    return _is_poll(call) and (call.verdict, call.reason) == ("accepted", "")


def _no_more_asked(call: Call) -> bool:
    return _is_poll(call) and call.reason == FAULT


def _is_poll(call: Call) -> bool:
    heard = (call.party, call.direction) == ("provider", "inbound")
    return heard and call.kind == "polling"
