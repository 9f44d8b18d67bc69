"""Why a message is not sent once more: one class a reason."""

from oauthapp.errors import CallFailed
from oauthapp.errors import Refused


class NoReplayPossible(Refused):
    """This call cannot be sent once more."""

    code = "no_replay_possible"
    status = 422


class ReplayFailed(CallFailed):
    """The message was sent once more, and nobody answered."""

    code = "replay_failed"
    cause = "The app's base_url does not lead to the app."
    remedy = "Compare base_url in the settings with the address the app listens on."
