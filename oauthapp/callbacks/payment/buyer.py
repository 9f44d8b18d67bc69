"""Whose order is this? The browser's that made it: a cookie says so.

It is not the login's cookie: nobody has to sign in to buy, and signing in or out must
not take an order away.
"""

import secrets

from flask import Response
from flask import request
from itsdangerous import BadSignature
from itsdangerous import Signer

from oauthapp.pages import cookie_name
from oauthapp.settings import AppSettings

#: Seconds for which a browser can see its orders.
LIFETIME = 30 * 86400


def known_buyer(settings: AppSettings) -> str:
    """The id in this browser's cookie, empty when there is none of ours."""
    value = request.cookies.get(_name(settings), "")
    try:
        return _signer(settings).unsign(value.encode()).decode()
    except (BadSignature, UnicodeError):
        return ""


def new_buyer() -> str:
    """An id for a browser that has none."""
    return secrets.token_urlsafe(32)


def set_buyer(answer: Response, settings: AppSettings, buyer: str) -> None:
    """Let this browser bring `buyer` along, also when it comes from the provider.

    The return is a cross-site GET: a Strict cookie would stay behind.
    """
    answer.set_cookie(
        _name(settings),
        _signer(settings).sign(buyer).decode(),
        max_age=LIFETIME,
        secure=settings.secure(),
        httponly=True,
        samesite="Lax",
    )


def _name(settings: AppSettings) -> str:
    return cookie_name("buyer", secure=settings.secure())


def _signer(settings: AppSettings) -> Signer:
    return Signer(settings.secret_key, salt="oauthapp.buyer", key_derivation="hmac")
