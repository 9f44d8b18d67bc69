"""Who is signed in here? The cookie names a session, the store knows it."""

import secrets

from flask import session as cookie

from oauthapp.callbacks.redirect.session_store import SignedIn
from oauthapp.callbacks.redirect.session_store import find_session
from oauthapp.callbacks.redirect.session_store import forget_expired_sessions
from oauthapp.callbacks.redirect.session_store import keep_session
from oauthapp.callbacks.redirect.session_store import remove_session
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.errors import NotSignedIn
from oauthapp.services import AppServices


def begin_session(services: AppServices, signed_in: SignedIn) -> None:
    """Sign in under a new session id; whatever the browser had before is gone."""
    session_id = secrets.token_urlsafe(32)
    with writing(services.database) as connection:
        remove_session(connection, cookie.get("id", ""))
        forget_expired_sessions(connection, now=signed_in.created_at)
        keep_session(connection, session_id, signed_in)
    cookie.clear()
    cookie["id"] = session_id


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
