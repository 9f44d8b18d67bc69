"""Which clients are to be told that a user signed out: kept with the logout itself.

The worker tells them, see `logout_delivery.py`.
"""

from collections.abc import Iterable

from sqlalchemy import Connection

from oauthapp.callers.provider.clients import find_client
from oauthapp.callers.provider.grant_store import Grant
from oauthapp.callers.sender.event_store import publish
from oauthapp.services import ProviderServices

#: The event type whose deliveries are logout tokens and no webhooks.
BACKCHANNEL_LOGOUT = "backchannel_logout"


def who_wants_to_know(
    services: ProviderServices, ended: Iterable[Grant]
) -> list[tuple[Grant, str]]:
    """Each login that has ended, with the address where its client is told of it."""
    clients = ((grant, find_client(services, grant.client_id)) for grant in ended)
    return [
        (grant, client.backchannel_logout_uri)
        for grant, client in clients
        if client is not None and client.backchannel_logout_uri
    ]


def announce_logout(
    connection: Connection, to_tell: Iterable[tuple[Grant, str]], *, now: float
) -> None:
    """Keep a delivery for each, in the transaction that ends the session."""
    for grant, uri in to_tell:
        publish(
            connection,
            event_type=BACKCHANNEL_LOGOUT,
            data={"client_id": grant.client_id, "sub": grant.sub, "sid": grant.sid},
            now=now,
            to=[uri],
        )
