"""How each scenario is played: one table."""

from collections.abc import Callable
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from oauthapp.faults import Fault
from oauthapp.playing import build
from oauthapp.playing import job
from oauthapp.playing import login
from oauthapp.playing import logout
from oauthapp.playing import payment
from oauthapp.playing.stage import Stage

#: Plays one scenario to its end, in which the fault, if any, has shown.
Play = Callable[[Stage, Fault | None], None]

PLAYS: Final[Mapping[str, Play]] = MappingProxyType(
    {
        "login": login.play,
        "logout": logout.play,
        "payment": payment.play,
        "job": job.play,
        "build": build.play,
    }
)
