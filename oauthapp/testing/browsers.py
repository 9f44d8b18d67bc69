"""How each kind of client sends a request and follows no redirect: one table."""

from collections.abc import Callable
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from oauthapp.testing.walking import Hop
from oauthapp.testing.walking import Opener


def opener_for(browser: Any) -> Opener:
    """Sends requests as `browser` does.

    :raises TypeError: when it is no client that we know.
    """
    for base in type(browser).__mro__:
        package = base.__module__.partition(".")[0]
        if package in OPENERS:
            make = OPENERS[package]
            return lambda url, fields: make(browser, url, fields)
    raise TypeError(
        f"cannot sign in with a {type(browser).__name__}; give a client of requests, "
        "httpx, Flask or Django, or a page of Playwright"
    )


def is_page(browser: Any) -> bool:
    """Whether it is a page of Playwright's: a real browser."""
    return type(browser).__module__.startswith("playwright.")


def _requests(session: Any, url: str, fields: dict[str, str] | None) -> Hop:
    method = "GET" if fields is None else "POST"
    answer = session.request(method, url, data=fields, allow_redirects=False)
    return Hop(
        url=answer.url,
        status=answer.status_code,
        location=answer.headers.get("Location", ""),
        text=answer.text,
        response=answer,
    )


def _httpx(client: Any, url: str, fields: dict[str, str] | None) -> Hop:
    method = "GET" if fields is None else "POST"
    answer = client.request(method, url, data=fields, follow_redirects=False)
    return Hop(
        url=str(answer.url),
        status=answer.status_code,
        location=answer.headers.get("Location", ""),
        text=answer.text,
        response=answer,
    )


def _werkzeug(client: Any, url: str, fields: dict[str, str] | None) -> Hop:
    """Flask's test client, too."""
    parts = urlsplit(url)
    where = {"base_url": f"{parts.scheme}://{parts.netloc}"} if parts.netloc else {}
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    method = "GET" if fields is None else "POST"
    answer = client.open(target, method=method, data=fields, **where)
    return Hop(
        url=answer.request.url,
        status=answer.status_code,
        location=answer.headers.get("Location", ""),
        text=answer.text,
        response=answer,
    )


def _django(client: Any, url: str, fields: dict[str, str] | None) -> Hop:
    parts = urlsplit(url)
    where: dict[str, Any] = {"secure": parts.scheme == "https"}
    if parts.netloc:
        where["HTTP_HOST"] = parts.netloc
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    answer = (
        client.get(target, **where)
        if fields is None
        else client.post(target, fields, **where)
    )
    return Hop(
        url=answer.wsgi_request.build_absolute_uri(),
        status=answer.status_code,
        location=answer.headers.get("Location", ""),
        text=answer.content.decode(errors="replace"),
        response=answer,
    )


#: By the package that a client's class comes from.
OPENERS: Mapping[str, Callable[[Any, str, dict[str, str] | None], Hop]] = {
    "requests": _requests,
    "httpx": _httpx,
    "httpx2": _httpx,
    "werkzeug": _werkzeug,
    "django": _django,
}
