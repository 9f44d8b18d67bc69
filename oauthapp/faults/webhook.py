"""What can go wrong with a webhook, or with the result at a callback_url."""

from typing import Final

from oauthapp.faults.fault import Fault

WEBHOOK_FAULTS: Final[tuple[Fault, ...]] = ()
