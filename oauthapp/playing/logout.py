"""A logout, played: first a login, so that there is something to end."""

from oauthapp.faults import Fault
from oauthapp.playing.stage import Stage
from oauthapp.recorder.call import Call
from oauthapp.recorder.step import path_of


def play(stage: Stage, fault: Fault | None = None) -> None:
    """Sign in, then sign out at the app and, asked there, at the provider."""
    stage.log_in()
    if fault is not None:
        stage.arm(fault)
    before = stage.arrivals.count()
    stage.visitor.open(f"{stage.app_url}/me")
    stage.visitor.submit({})
    stage.visitor.submit({})
    stage.arrivals.wait_until(_told_by_the_back_channel, after=before)


def _told_by_the_back_channel(call: Call) -> bool:
    path = path_of(call.url)
    return call.direction == "inbound" and path.startswith("/backchannel-logout/")
