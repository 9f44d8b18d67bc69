"""What can go wrong with a build: the push that tells of it, the report about it."""

from typing import Final

from oauthapp.faults.fault import Fault

BUILD_FAULTS: Final[tuple[Fault, ...]] = (
    Fault(
        name="statuses_url_elsewhere",
        scenarios=("build",),
        kind="callback_url",
        culprit="provider",
        says="The push names a statuses_url on another host.",
        rule="An address that we are told is called with our credentials only where "
        "our settings say the provider is.",
        outcome=("refused address_elsewhere",),
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
