"""What the app's own pages refuse."""

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
    remedy = "Wait until it has ended; the page shows when."


class UnknownScenario(Refused):
    """There is no scenario, or no fault of it, of that name."""

    code = "unknown_scenario"
    status = 404


class UnknownRun(Refused):
    """No such call is recorded."""

    code = "unknown_run"
    status = 404
    cause = "It was never recorded, or it is so old that it was forgotten."
