"""What the browser carries while a login is under way: a signed state and a cookie.

The cookie names the browser, not the login, so that any number of logins can be
open at once; the state names the login. Either alone is worth nothing.
"""

import secrets

from flask import Response
from flask import request
from itsdangerous import BadSignature
from itsdangerous import Signer

from oauthapp.pages import cookie_name
from oauthapp.schema import secret_hash
from oauthapp.settings import AppSettings
from oauthapp.settings import ResponseMode

#: Random bytes in a state and in a browser's cookie.
STRENGTH = 32


def new_state(settings: AppSettings) -> str:
    """A state of 256 random bits, signed."""
    return _signer(settings, "state").sign(secrets.token_urlsafe(STRENGTH)).decode()


def is_our_state(settings: AppSettings, state: str) -> bool:
    """Whether `state` was made by this app, at some time."""
    # The signer skips characters that are no base64; what it skips may be no text.
    return state.isascii() and _signer(settings, "state").validate(state)


def known_browser(settings: AppSettings, mode: ResponseMode = "query") -> str:
    """The id in this browser's login cookie, empty when there is none of ours."""
    value = request.cookies.get(_cookie_name(settings, mode), "")
    try:
        return _signer(settings, "browser").unsign(value.encode()).decode()
    except (BadSignature, UnicodeError):
        return ""


def browser_hash(settings: AppSettings, mode: ResponseMode = "query") -> str:
    """What is stored to recognise this browser, empty when it has no login cookie."""
    browser = known_browser(settings, mode)
    return secret_hash(browser) if browser else ""


def new_browser() -> str:
    """An id for a browser that has none."""
    return secrets.token_urlsafe(STRENGTH)


def set_browser(
    answer: Response,
    settings: AppSettings,
    browser: str,
    mode: ResponseMode = "query",
) -> None:
    """Give the browser its login cookie, to live as long as a login it begins now.

    The callback is a cross-site GET: a Strict cookie would stay behind, a Lax one
    comes along. With form_post it is a cross-site POST, where only a cookie that is
    None, and therefore Secure, comes along; it is one of its own, so that logins
    which do not need it keep the stricter one.
    """
    by_post = mode == "form_post"
    answer.set_cookie(
        _cookie_name(settings, mode),
        _signer(settings, "browser").sign(browser).decode(),
        max_age=settings.login_ttl,
        secure=settings.secure() or by_post,
        httponly=True,
        samesite="None" if by_post else "Lax",
    )


def _cookie_name(settings: AppSettings, mode: ResponseMode) -> str:
    name = "login_post" if mode == "form_post" else "login"
    return cookie_name(name, secure=settings.secure())


def _signer(settings: AppSettings, purpose: str) -> Signer:
    # A salt each, or a state would pass for a cookie.
    return Signer(
        settings.secret_key, salt=f"oauthapp.{purpose}", key_derivation="hmac"
    )
