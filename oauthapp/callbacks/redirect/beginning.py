"""May one more login begin? Each is a row that waits for a browser to come back."""

from functools import partial

from flask import request

from oauthapp.callbacks.redirect import store
from oauthapp.callbacks.redirect.refusals import LoginsFull
from oauthapp.callbacks.redirect.refusals import TooManyLogins
from oauthapp.callbacks.redirect.verify import PendingLogin
from oauthapp.capacity import Amount
from oauthapp.database import writing
from oauthapp.limiting import network
from oauthapp.services import AppServices


def require_patience(services: AppServices) -> None:
    """Count a login for the address that begins it.

    :raises TooManyLogins: when it began too many in a short time.
    """
    if wait := services.logins.count(network(request.remote_addr)):
        raise TooManyLogins(retry_after=wait)


def keep(services: AppServices, state: str, pending: PendingLogin) -> None:
    """Remember that `state` was sent out.

    :raises LoginsFull: when too many wait already, the expired ones left out.
    """
    ttl, now = services.settings.login_ttl, pending.created_at
    with services.login_room.taking(partial(_waiting, services, now)) as free:
        if not free:
            raise LoginsFull
        with writing(services.database) as connection:
            store.forget_expired(connection, now=now, login_ttl=ttl)
            store.keep(connection, state, pending)


def _waiting(services: AppServices, now: float) -> Amount:
    """How many wait; when too many do, without those that are late.

    The late ones are kept for a while, to be told so when they come.
    """
    most, ttl = services.settings.limits.pending_logins, services.settings.login_ttl
    with writing(services.database) as connection:
        waiting = store.count(connection)
        if waiting >= most:
            store.forget_expired(connection, now=now, login_ttl=ttl, grace=0)
            waiting = store.count(connection)
    return Amount(waiting)
