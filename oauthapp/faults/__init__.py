"""All faults by name: what can go wrong with each kind of callback, on purpose."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from oauthapp.faults.answers import ANSWER_FAULTS
from oauthapp.faults.build import BUILD_FAULTS
from oauthapp.faults.endpoints import METADATA_FAULTS
from oauthapp.faults.endpoints import TOKEN_FAULTS
from oauthapp.faults.endpoints import USERINFO_FAULTS
from oauthapp.faults.fault import Culprit as Culprit
from oauthapp.faults.fault import Fault as Fault
from oauthapp.faults.id_token import ID_TOKEN_FAULTS
from oauthapp.faults.job import JOB_FAULTS
from oauthapp.faults.logout_token import LOGOUT_TOKEN_FAULTS
from oauthapp.faults.payment import PAYMENT_FAULTS
from oauthapp.faults.redirect import REDIRECT_FAULTS
from oauthapp.faults.webhook import RECEIVER_FAULTS
from oauthapp.faults.webhook import SENDER_FAULTS

#: By where they happen. A name is there once.
AREAS: Final = (
    REDIRECT_FAULTS,
    ANSWER_FAULTS,
    TOKEN_FAULTS,
    ID_TOKEN_FAULTS,
    USERINFO_FAULTS,
    METADATA_FAULTS,
    LOGOUT_TOKEN_FAULTS,
    SENDER_FAULTS,
    RECEIVER_FAULTS,
    PAYMENT_FAULTS,
    JOB_FAULTS,
    BUILD_FAULTS,
)

FAULTS: Final[Mapping[str, Fault]] = MappingProxyType(
    {one.name: one for some in AREAS for one in some}
)
