"""Who plays a scenario at the press of a button? Present where both parties run."""

from dataclasses import dataclass
from typing import Protocol
from typing import cast

from flask import current_app


@dataclass(frozen=True, kw_only=True)
class Performance:
    """One scenario, played: with which fault, and what came of it."""

    scenario: str
    #: "" when nothing was to go wrong.
    fault: str
    #: The id of the call that its run began with, "" while it is under way.
    run: str = ""
    #: What became of the callbacks, as `Fault.outcome` says it.
    outcome: tuple[str, ...] = ()
    #: Why it could not be played to its end, "" when it was.
    problem: str = ""


class Player(Protocol):
    """Plays in the background, one scenario at a time."""

    def can_play(self, fault: str) -> bool:
        """Whether its clock is fast enough for this fault, "" for none."""

    def play(self, scenario: str, fault: str) -> bool:
        """Begin; False when another one is still under way."""

    def under_way(self) -> Performance | None:
        """What is being played at the moment."""

    def last(self, scenario: str, fault: str) -> Performance | None:
        """The latest that was played with this fault, "" for none."""


def app_player() -> Player | None:
    """The player of the app that handles the current request; None without one."""
    return cast(Player | None, current_app.extensions.get("oauthapp.player"))
