"""The provider's two questions to its user, each a page of its own."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Response
from flask import render_template

from oauthapp.callers.provider.asked import OFFLINE
from oauthapp.callers.provider.asked import Asked
from oauthapp.callers.provider.parameters import printable
from oauthapp.errors import Refused
from oauthapp.policy import let_forms_reach

#: What the consent page says of each scope.
SCOPES_IN_WORDS = {
    "openid": "Know that it is you",
    "profile": "See your name and profile",
    "email": "See your e-mail address",
    "address": "See your postal address",
    "phone": "See your phone number",
    OFFLINE: "Do all this while you are away, too",
}


def login_page(
    asked: Asked, *, username: str, refusal: Refused | None = None
) -> Response:
    """Who are you? With what was wrong the last time, if anything."""
    let_forms_reach(asked.get("redirect_uri"))
    page = render_template(
        "provider/login.html",
        client=asked.client,
        username=printable(username),
        refusal=refusal,
    )
    answer = Response(page, status=refusal.status if refusal else 200)
    if refusal and refusal.retry_after:
        answer.headers["Retry-After"] = str(refusal.retry_after)
    return answer


def consent_page(asked: Asked, sub: str, to_agree: list[str]) -> Response:
    """May this client have that?"""
    uri = asked.get("redirect_uri")
    let_forms_reach(uri)
    parts = urlsplit(uri)
    page = render_template(
        "provider/consent.html",
        client=asked.client,
        sub=sub,
        scopes=[_in_words(one) for one in to_agree],
        destination=f"{parts.scheme}://{parts.netloc}",
    )
    return Response(page)


def form_to_client(uri: str, pairs: Sequence[tuple[str, str]]) -> Response:
    """The answer as a form that the browser posts to the client (Form Post §2).

    A state that is no text does not survive a page; it is sent as far as it is.
    """
    let_forms_reach(uri)
    fields = [(n, v.encode("utf-8", "replace").decode()) for n, v in pairs]
    page = render_template("provider/form_post.html", uri=uri, fields=fields)
    return Response(page)


def _in_words(one: str) -> str:
    if one.startswith("claim:"):
        return f"See {one.removeprefix('claim:')} of your account"
    return SCOPES_IN_WORDS.get(one, one)
