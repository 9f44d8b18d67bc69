"""Which browser is this, and who is signed in at the provider?"""

import hmac
import secrets

from flask import session as cookie

from oauthapp.callers.provider.refusals import SignInRefused
from oauthapp.callers.provider.session_store import ProviderSession
from oauthapp.callers.provider.session_store import find_session
from oauthapp.callers.provider.session_store import forget_expired_sessions
from oauthapp.callers.provider.session_store import keep_session
from oauthapp.callers.provider.session_store import remove_session
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.services import ProviderServices


def sign_in(services: ProviderServices, username: str, password: str) -> None:
    """Begin a session under a new id.

    :raises SignInRefused: when the two do not fit; which of them is not said.
    """
    expected = {user.sub: user.password for user in services.settings.users}
    # An unknown name is compared too, so that the time taken tells nothing.
    right = expected.get(username, secrets.token_hex(16))
    if not hmac.compare_digest(right.encode(), password.encode("utf-8", "replace")):
        raise SignInRefused
    session_id, now = secrets.token_urlsafe(32), services.clock()
    begun = ProviderSession(
        sub=username, auth_time=now, expires_at=now + services.settings.session_ttl
    )
    with writing(services.database) as connection:
        remove_session(connection, cookie.get("id", ""))
        forget_expired_sessions(connection, now=now)
        keep_session(connection, session_id, begun)
    browser = this_browser()
    cookie.clear()
    cookie.update(id=session_id, browser=browser)


def current_session(services: ProviderServices) -> ProviderSession | None:
    """Who is signed in, if anybody."""
    with reading(services.database) as connection:
        found = find_session(connection, cookie.get("id", ""), now=services.clock())
    known = {user.sub for user in services.settings.users}
    return found if found and found.sub in known else None


def sign_out(services: ProviderServices) -> None:
    """End the session, in the store first: the cookie alone decides nothing."""
    with writing(services.database) as connection:
        remove_session(connection, cookie.get("id", ""))
    cookie.clear()


def browser_is_known() -> bool:
    """Whether this request brought our cookie."""
    return "browser" in cookie


def this_browser() -> str:
    """A random id that this browser keeps in its signed cookie."""
    if not browser_is_known():
        cookie["browser"] = secrets.token_urlsafe(32)
    return str(cookie["browser"])
