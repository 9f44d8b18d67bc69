"""Logins whose webhook goes wrong, at the one who sends or the one who gets it."""

from collections.abc import Mapping
from threading import Event

from oauthapp.callers.sender.retry import SCHEDULE
from oauthapp.faults import Fault
from oauthapp.playing.arrivals import PATIENCE
from oauthapp.playing.stage import Stage
from oauthapp.playing.waiting import wait_for
from oauthapp.playing.waiting import wait_for_callbacks

#: Times that it has to happen, where that is not once.
TIMES: Mapping[str, int] = {
    "receiver_500_always": len(SCHEDULE),
    "receiver_down_then_back": 3,
}
#: Seconds between two looks at something that nobody tells us.
LOOK = 0.05


def play(stage: Stage, fault: Fault) -> None:
    """Sign in, and wait for as many attempts as the fault takes."""
    before = stage.arrivals.count()
    stage.arm(fault, times=TIMES.get(fault.name, 1))
    try:
        stage.log_in()
        wait_for(stage, before, redirects=1)
        wait_for_callbacks(stage, before, "/webhooks/", fault)
    finally:
        stage.disarm(fault)
    if fault.name == "receiver_410":
        _open_again(stage)


def _open_again(stage: Stage) -> None:
    """An endpoint that is gone stays so, and the next play needs it."""
    endpoints = f"{stage.provider_url}/control/endpoints"
    for _ in range(round(PATIENCE / LOOK)):
        told = stage.order("GET", endpoints).json()["endpoints"]
        if any(one["disabled"] for one in told):
            break
        Event().wait(LOOK)
    stage.order("DELETE", f"{endpoints}/disabled")
