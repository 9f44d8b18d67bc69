"""A logout, played: first a login, so that there is something to end."""

from oauthapp.faults import Fault
from oauthapp.playing.stage import Stage
from oauthapp.playing.waiting import wait_for
from oauthapp.playing.waiting import wait_for_callbacks
from oauthapp.playing.waiting import wait_for_calls

#: Where the app is told of logouts.
NOTICES = "/backchannel-logout/"
#: Attempts to be held back: more than there are while a logout lasts.
MANY = 100


def play(stage: Stage, fault: Fault | None = None) -> None:
    """Sign in, then sign out at the app and, asked there, at the provider."""
    if fault is not None and fault.name == "webhook_out_of_order":
        return _news_of_the_login_last(stage, fault)
    stage.log_in()
    before = stage.arrivals.count()
    if fault is None:
        return _log_out(stage)
    stage.arm(fault)
    try:
        _log_out(stage)
        wait_for_callbacks(stage, before, NOTICES, fault)
    finally:
        stage.disarm(fault)


def _log_out(stage: Stage) -> None:
    before = stage.arrivals.count()
    stage.visitor.open(f"{stage.app_url}/me")
    stage.visitor.submit({})
    stage.visitor.submit({})
    for path in ("/signed-out/", NOTICES):
        wait_for_calls(stage, before, path, 1)


def _news_of_the_login_last(stage: Stage, fault: Fault) -> None:
    """The sender holds the login's webhook back until the logout is over."""
    before = stage.arrivals.count()
    stage.arm(fault, times=MANY)
    try:
        stage.log_in()
        _log_out(stage)
    finally:
        stage.disarm(fault)
    wait_for(stage, before, webhooks=1)
