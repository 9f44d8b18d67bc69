"""What can go wrong with a redirect callback."""

from typing import Final

from oauthapp.faults.fault import Fault

REDIRECT_FAULTS: Final[tuple[Fault, ...]] = (
    Fault(
        name="state_altered",
        scenarios=("login",),
        kind="redirect",
        culprit="browser",
        says="One character of the state is changed on its way back.",
        rule="The state must be one that this app made (RFC 9700 §4.7.1).",
        outcome=("refused state_forged",),
    ),
)
