"""What the flags of the command line ask for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from oauthapp.settings import Client
from oauthapp.settings import Endpoint
from oauthapp.settings import User


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A provider, and who is to know it."""

    users: Sequence[User]
    clients: Sequence[Client] = ()
    #: Where webhooks go.
    endpoints: Sequence[Endpoint] = ()
    signing_alg: Literal["RS256", "ES256"] = "RS256"
    #: Whether programs on this machine may give it orders.
    control: bool = False
