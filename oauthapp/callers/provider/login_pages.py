"""The provider's two questions to its user, each a page of its own."""

from urllib.parse import urlsplit

from flask import Response
from flask import render_template

from oauthapp.callers.provider.authorize import Asked
from oauthapp.callers.provider.parameters import printable
from oauthapp.callers.provider.refusals import SignInRefused
from oauthapp.pages import let_forms_reach

#: What the consent page says of each scope.
SCOPES_IN_WORDS = {
    "openid": "Know that it is you",
    "profile": "See your name and profile",
    "email": "See your e-mail address",
    "address": "See your postal address",
    "phone": "See your phone number",
}


def login_page(
    asked: Asked, *, username: str, refusal: SignInRefused | None = None
) -> Response:
    """Who are you? With what was wrong the last time, if anything."""
    let_forms_reach(asked.get("redirect_uri"))
    page = render_template(
        "provider/login.html",
        client=asked.client,
        username=printable(username),
        refusal=refusal,
    )
    return Response(page, status=refusal.status if refusal else 200)


def consent_page(asked: Asked, sub: str) -> Response:
    """May this client have that?"""
    uri = asked.get("redirect_uri")
    let_forms_reach(uri)
    parts = urlsplit(uri)
    page = render_template(
        "provider/consent.html",
        client=asked.client,
        sub=sub,
        scopes=[SCOPES_IN_WORDS.get(s, s) for s in asked.granted_scope().split()],
        destination=f"{parts.scheme}://{parts.netloc}",
    )
    return Response(page)
