"""What the app's own pages refuse."""

from oauthapp.errors import NotFound
from oauthapp.errors import Refused


class NoPlayer(Refused):
    """Nobody is here to play a scenario."""

    code = "no_player"
    status = 404
    cause = "Scenarios are played where both parties run together."
    remedy = "Start `oauthapp demo`, or play it with `oauthapp run`."


class PlayUnderWay(Refused):
    """Another scenario is still being played."""

    code = "play_under_way"
    status = 409
    remedy = "Go back to the one that is played, and press again when it has ended."

    def __init__(self, *, onward: str) -> None:
        """:param onward: where the one that is played can be seen."""
        super().__init__()
        self.onward = onward


class ClockTooSlow(Refused):
    """This fault goes on for days, at the speed of the clocks here."""

    code = "clock_too_slow"
    status = 409
    cause = "A sender spreads its attempts over three days."
    remedy = "Play it by the command line: `oauthapp run` lets the clocks go faster."


class UnknownScenario(Refused):
    """There is no scenario, or no fault of it, of that name."""

    code = "unknown_scenario"
    status = 404


class UnknownRun(Refused):
    """No such call is recorded."""

    code = "unknown_run"
    status = 404
    cause = "It was never recorded, or it is so old that it was forgotten."


class UnknownCheck(NotFound):
    """There is no check of this name."""

    code = "unknown_check"
    remedy = "Go back to the checklist; it names them all."


class CheckAlwaysOn(Refused):
    """This check cannot be switched off."""

    code = "check_always_on"


class NotOnThisMachine(Refused):
    """Checks can be switched off on one’s own machine only."""

    code = "not_on_loopback"
    status = 403
    expected = "a base_url at localhost, 127.0.0.1 or [::1]"
    cause = "Whoever could reach this app could leave it open to attack."
