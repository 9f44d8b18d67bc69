"""What can go wrong with a build: the push that tells of it, the report about it."""

from typing import Final

from oauthapp.faults.fault import Fault

BUILD_FAULTS: Final[tuple[Fault, ...]] = (
    Fault(
        name="push_forged",
        scenarios=("build",),
        kind="webhook",
        culprit="sender",
        says="The push is told by somebody who does not know the secret.",
        rule="Who knows the address is not yet the sender: nothing is built that was "
        "not signed (Standard Webhooks).",
        outcome=("refused signature_mismatch", "accepted"),
    ),
    Fault(
        name="push_duplicate",
        scenarios=("build",),
        kind="webhook",
        culprit="sender",
        says="The push is told twice.",
        rule="A message id that came before is answered 2xx and builds nothing again.",
        outcome=("accepted", "accepted duplicate"),
    ),
    Fault(
        name="statuses_url_elsewhere",
        scenarios=("build",),
        kind="callback_url",
        culprit="provider",
        says="The push names a statuses_url on another host.",
        rule="An address that we are told is called with our credentials only where "
        "our settings say the provider is.",
        outcome=("refused address_elsewhere",),
        for_one=False,
    ),
    Fault(
        name="status_500",
        scenarios=("build",),
        kind="callback_url",
        culprit="provider",
        says="The report on the commit is answered 500, once.",
        rule="A report that was not heard is made again, after a longer pause.",
        outcome=("failed fault", "accepted"),
    ),
)
