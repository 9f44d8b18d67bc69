"""Which browser is this, and who is signed in at the provider?"""

import hmac
import secrets
from dataclasses import replace

from flask import request
from flask import session as cookie

from oauthapp.callers.provider.grant_store import Grant
from oauthapp.callers.provider.grant_store import grants_of_session
from oauthapp.callers.provider.grant_store import keep_grants_of_session
from oauthapp.callers.provider.logout_notices import announce_logout
from oauthapp.callers.provider.logout_notices import who_wants_to_know
from oauthapp.callers.provider.refusals import SignInRefused
from oauthapp.callers.provider.refusals import TooManyWrongPasswords
from oauthapp.callers.provider.session_store import ProviderSession
from oauthapp.callers.provider.session_store import find_session
from oauthapp.callers.provider.session_store import forget_expired_sessions
from oauthapp.callers.provider.session_store import keep_session
from oauthapp.callers.provider.session_store import open_sessions
from oauthapp.callers.provider.session_store import remove_session
from oauthapp.callers.provider.session_store import remove_sessions
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.recorder.call import share
from oauthapp.services import ProviderServices


def sign_in(services: ProviderServices, username: str, password: str) -> None:
    """Begin a session under a new id.

    :raises SignInRefused: when the two do not fit; which of them is not said.
    :raises TooManyWrongPasswords: also when they fit, or guessing could go on.
    """
    _require_password(services, username, password)
    before, now = current_session(services), services.clock()
    again = before is not None and before.sub == username
    if not again:
        _end_session(services)  # of whoever was here before
        most = services.settings.limits.sessions_per_user
        end_every_session(services, sub=username, but=most - 1)
    session_id = secrets.token_urlsafe(32)
    begun = ProviderSession(
        session_ref=secrets.token_hex(16),
        sub=username,
        auth_time=now,
        expires_at=now + services.settings.session_ttl,
    )
    with writing(services.database) as connection:
        # Of two clicks at once, one goes on with the session before.
        if before and again and remove_session(connection, cookie.get("id", "")):
            begun = replace(begun, session_ref=before.session_ref)
        forget_expired_sessions(connection, now=now)
        keep_session(connection, session_id, begun)
        until = begun.expires_at
        keep_grants_of_session(connection, begun.session_ref, until=until)
    browser = this_browser()
    cookie.clear()
    cookie.update(id=session_id, browser=browser)


def _require_password(services: ProviderServices, username: str, password: str) -> None:
    if wait := services.passwords.wait(request.remote_addr, username):
        raise TooManyWrongPasswords(retry_after=wait)
    expected = {user.sub: user.password for user in services.settings.users}
    # An unknown name is compared too, so that the time taken tells nothing.
    right = expected.get(username, secrets.token_hex(16))
    if not hmac.compare_digest(right.encode(), password.encode("utf-8", "replace")):
        services.passwords.failed(request.remote_addr, username)
        raise SignInRefused


def current_session(services: ProviderServices) -> ProviderSession | None:
    """Who is signed in, if anybody."""
    if "id" not in cookie:
        return None
    with reading(services.database) as connection:
        found = find_session(connection, cookie["id"], now=services.clock())
    known = {user.sub for user in services.settings.users}
    return found if found and found.sub in known else None


def sign_out(services: ProviderServices) -> tuple[Grant, ...]:
    """End the session, in the store first: the cookie alone decides nothing.

    Clients that want to hear of it by the back channel will: that is written in the
    same transaction. Gives the logins that have ended, for the front channel.
    """
    ended = _end_session(services)
    for grant in ended:
        share("sid", grant.sid)
    cookie.clear()
    return ended


def end_every_session(
    services: ProviderServices, *, sub: str | None = None, but: int = 0
) -> int:
    """Sign everybody out, and tell clients as `sign_out` does: how many have ended.

    :param sub: this user only.
    :param but: leave so many, the newest.
    """
    with reading(services.database) as connection:
        refs = open_sessions(connection, sub=sub, but=but)
        ended = [one for ref in refs for one in grants_of_session(connection, ref)]
    if not refs:
        return 0
    to_tell = who_wants_to_know(services, ended)
    with writing(services.database) as connection:
        remove_sessions(connection, refs)
        announce_logout(connection, to_tell, now=services.clock())
    services.wake.set()
    return len(refs)


def _end_session(services: ProviderServices) -> tuple[Grant, ...]:
    if "id" not in cookie:
        return ()
    session_id, now = cookie["id"], services.clock()
    with reading(services.database) as connection:
        session = find_session(connection, session_id, now=now)
        if session is None:
            return ()
        ended = grants_of_session(connection, session.session_ref)
    to_tell = who_wants_to_know(services, ended)
    with writing(services.database) as connection:
        if remove_session(connection, session_id):
            announce_logout(connection, to_tell, now=now)
    services.wake.set()
    return ended


def browser_is_known() -> bool:
    """Whether this request brought our cookie."""
    return "browser" in cookie


def this_browser() -> str:
    """A random id that this browser keeps in its signed cookie."""
    if not browser_is_known():
        cookie["browser"] = secrets.token_urlsafe(32)
    return str(cookie["browser"])
