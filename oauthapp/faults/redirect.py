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
    Fault(
        name="token_500",
        scenarios=("login",),
        kind="redirect",
        culprit="provider",
        says="The token endpoint answers 500.",
        rule="Nobody is signed in without an id_token (OIDC Core §3.1.3.3).",
        outcome=("failed provider_failed",),
    ),
    Fault(
        name="token_html",
        scenarios=("login",),
        kind="redirect",
        culprit="provider",
        says="The token endpoint answers with a web page.",
        rule="Tokens come as JSON and as nothing else (RFC 6749 §5.1).",
        outcome=("failed provider_failed",),
    ),
)
