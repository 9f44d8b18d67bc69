"""All faults by name: what can go wrong with each kind of callback, on purpose."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from oauthapp.faults.fault import Culprit as Culprit
from oauthapp.faults.fault import Fault as Fault
from oauthapp.faults.redirect import REDIRECT_FAULTS
from oauthapp.faults.webhook import WEBHOOK_FAULTS

FAULTS: Final[Mapping[str, Fault]] = MappingProxyType(
    {one.name: one for one in (*REDIRECT_FAULTS, *WEBHOOK_FAULTS)}
)
