"""A login, played; with a fault, the way that goes wrong."""

from oauthapp.faults import Fault
from oauthapp.playing import browser_faults
from oauthapp.playing import provider_faults
from oauthapp.playing import webhook_faults
from oauthapp.playing.stage import Stage
from oauthapp.playing.waiting import wait_for


def play(stage: Stage, fault: Fault | None = None) -> None:
    """Sign in, until every callback has come that is to come."""
    if fault is None:
        before = stage.arrivals.count()
        stage.log_in()
        wait_for(stage, before, redirects=1, webhooks=1)
    elif fault.culprit == "browser":
        browser_faults.play(stage, fault)
    elif fault.culprit == "provider":
        provider_faults.play(stage, fault)
    else:
        webhook_faults.play(stage, fault)
