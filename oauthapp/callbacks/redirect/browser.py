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

#: Random bytes in a state and in a browser's cookie.
STRENGTH = 32


def new_state(settings: AppSettings) -> str:
    """A state of 256 random bits, signed."""
    return _signer(settings, "state").sign(secrets.token_urlsafe(STRENGTH)).decode()


def is_our_state(settings: AppSettings, state: str) -> bool:
    """Whether `state` was made by this app, at some time."""
    return _signer(settings, "state").validate(state.encode("utf-8", "replace"))


def known_browser(settings: AppSettings) -> str:
    """The id in this browser's login cookie, empty when there is none of ours."""
    value = request.cookies.get(_cookie_name(settings), "")
    try:
        return _signer(settings, "browser").unsign(value.encode()).decode()
    except (BadSignature, UnicodeError):
        return ""


def browser_hash(settings: AppSettings) -> str:
    """What is stored to recognise this browser, empty when it has no login cookie."""
    browser = known_browser(settings)
    return secret_hash(browser) if browser else ""


def new_browser() -> str:
    """An id for a browser that has none."""
    return secrets.token_urlsafe(STRENGTH)


def set_browser(answer: Response, settings: AppSettings, browser: str) -> None:
    """Give the browser its login cookie, to live as long as a login it begins now.

    Lax, because the callback is a cross-site GET: a Strict cookie would stay behind.
    """
    answer.set_cookie(
        _cookie_name(settings),
        _signer(settings, "browser").sign(browser).decode(),
        max_age=settings.login_ttl,
        secure=settings.secure(),
        httponly=True,
        samesite="Lax",
    )


def _cookie_name(settings: AppSettings) -> str:
    return cookie_name("login", secure=settings.secure())


def _signer(settings: AppSettings, purpose: str) -> Signer:
    # A salt each, or a state would pass for a cookie.
    return Signer(
        settings.secret_key, salt=f"oauthapp.{purpose}", key_derivation="hmac"
    )
