"""A login, played."""

from oauthapp.faults import Fault
from oauthapp.playing.stage import Stage


def play(stage: Stage, fault: Fault | None = None) -> None:
    """Sign in; with a fault, the way that goes wrong."""
    if fault is not None:
        stage.arm(fault)
    stage.log_in()
    stage.arrivals.wait_for("/callback/")
    stage.arrivals.wait_for("/webhooks/")
