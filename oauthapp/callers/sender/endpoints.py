"""Which endpoints there are: those of the settings, and those added by command."""

import base64
import secrets
from typing import Literal

from oauthapp.callers.sender import endpoint_store
from oauthapp.callers.sender.endpoint_store import KeptEndpoint
from oauthapp.callers.sender.refusals import EndpointsFull
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.services import ProviderServices
from oauthapp.settings import Endpoint
from oauthapp.vault import seal
from oauthapp.vault import unseal

#: Seconds for which a replaced secret signs too (RULES: rotation takes a day).
ROTATION = 24 * 3600.0
#: Endpoints there can be: each event looks at all of them.
MOST = 1000


class EndpointGone(Exception):
    """Nothing is sent to this endpoint any more."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def take_over(services: ProviderServices) -> None:
    """Bring the endpoints of the settings into the store.

    One whose secret was changed in the settings signs with both for a day; one that
    was taken out of them is removed.
    """
    wanted = {one.url: one for one in services.settings.endpoints}
    with writing(services.database) as connection:
        for kept in endpoint_store.listed(connection):
            if kept.origin == "settings" and kept.url not in wanted:
                endpoint_store.remove(connection, kept.url)
        for one in wanted.values():
            kept_before = endpoint_store.find(connection, one.url)
            if kept_before is None:
                endpoint_store.add(connection, _sealed(services, one, "settings"))
                continue
            endpoint_store.change_events(connection, one.url, one.events)
            if _open(services, kept_before.secret_jwe) != one.secret:
                sealed = seal(one.secret.encode(), services.settings.secret_key)
                until = services.clock() + ROTATION
                endpoint_store.change_secret(
                    connection, kept_before, sealed, until=until
                )


def add_endpoint(services: ProviderServices, one: Endpoint) -> bool:
    """Keep an endpoint that was given by command: whether its URL was new.

    :raises EndpointsFull: when there are as many as there may be.
    """
    with writing(services.database) as connection:
        if len(endpoint_store.listed(connection)) >= MOST:
            raise EndpointsFull(expected=f"at most {MOST}")
        return endpoint_store.add(connection, _sealed(services, one, "command"))


def rotate_secret(services: ProviderServices, url: str) -> str | None:
    """Give an endpoint a new signing secret; None when there is no such endpoint.

    The one before signs too for `ROTATION` seconds.
    """
    secret = new_secret()
    sealed = seal(secret.encode(), services.settings.secret_key)
    with writing(services.database) as connection:
        before = endpoint_store.find(connection, url)
        if before is None:
            return None
        until = services.clock() + ROTATION
        endpoint_store.change_secret(connection, before, sealed, until=until)
    return secret


def signing_secrets(
    services: ProviderServices, url: str, *, now: float
) -> tuple[str, ...]:
    """What messages to `url` are signed with now.

    :raises EndpointGone: when nothing is sent there.
    """
    with reading(services.database) as connection:
        kept = endpoint_store.find(connection, url)
    if kept is None:
        raise EndpointGone("endpoint_removed")
    if kept.disabled:
        raise EndpointGone("endpoint_disabled")
    sealed = [kept.secret_jwe]
    if kept.previous_jwe and kept.previous_until and now < kept.previous_until:
        sealed.append(kept.previous_jwe)
    return tuple(_open(services, one) for one in sealed)


def new_secret() -> str:
    """A signing secret of 32 random bytes, as Standard Webhooks writes it."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


def _sealed(
    services: ProviderServices, one: Endpoint, origin: Literal["settings", "command"]
) -> KeptEndpoint:
    return KeptEndpoint(
        url=one.url,
        secret_jwe=seal(one.secret.encode(), services.settings.secret_key),
        events=list(one.events),
        origin=origin,
        created_at=services.clock(),
    )


def _open(services: ProviderServices, sealed: str) -> str:
    return unseal(sealed, services.settings.secret_key).decode()
