"""Who is signed in here? The cookie names a session, the store knows it."""

import secrets

from flask import session as cookie

from oauthapp.callbacks.redirect.session_store import SignedIn
from oauthapp.callbacks.redirect.session_store import end_oldest
from oauthapp.callbacks.redirect.session_store import find_session
from oauthapp.callbacks.redirect.session_store import forget_expired_sessions
from oauthapp.callbacks.redirect.session_store import keep_session
from oauthapp.callbacks.redirect.session_store import remove_session
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.errors import NotSignedIn
from oauthapp.recorder.call import remark
from oauthapp.services import AppServices


def begin_session(services: AppServices, signed_in: SignedIn) -> None:
    """Sign in under a new session id; whatever the browser had before is gone."""
    brought = cookie.get("id", "")
    with writing(services.database) as connection:
        before = find_session(connection, brought, now=signed_in.created_at)
        remove_session(connection, brought)
        session_id = _session_id(services, brought, before, signed_in)
        forget_expired_sessions(connection, now=signed_in.created_at)
        most = services.settings.limits.sessions_per_user
        end_oldest(connection, signed_in, most=most - 1)
        keep_session(connection, session_id, signed_in)
    cookie.clear()
    cookie["id"] = session_id


def _session_id(
    services: AppServices, brought: str, before: SignedIn | None, signed_in: SignedIn
) -> str:
    """A new one, above all when the browser brought one that was not this person's."""
    if brought and services.weaknesses.forgive("session_id_is_new", "session_id_kept"):
        return brought
    theirs = before and (before.issuer, before.sub) == (signed_in.issuer, signed_in.sub)
    if brought and not theirs:
        remark("session_id_replaced")
    return secrets.token_urlsafe(32)


def current_session(services: AppServices) -> SignedIn:
    """Who is signed in.

    :raises NotSignedIn: when nobody is.
    """
    with reading(services.database) as connection:
        found = find_session(connection, cookie.get("id", ""), now=services.clock())
    if found is None:
        raise NotSignedIn
    return found


def end_session(services: AppServices) -> None:
    """Sign out, in the store first: the cookie alone decides nothing."""
    with writing(services.database) as connection:
        remove_session(connection, cookie.get("id", ""))
    cookie.clear()
