"""What a page may load and where its forms may lead: its security headers.

Written by hand in a few lines, since the policy differs from page to page.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import Response
from flask import after_this_request
from flask import g

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; {frames}form-action 'self'{forms}; frame-ancestors 'none'; "
    "base-uri 'none'"
)
_HEADERS = (
    ("Content-Security-Policy", _POLICY.format(frames="", forms="")),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
)
_ONLY_BY_HTTPS = ("Strict-Transport-Security", "max-age=31536000")


class SecurityHeaders:
    """WSGI middleware: gives each answer those of the headers that it has not.

    As a hook of Flask it took a tenth of the time in which a webhook is kept.
    """

    def __init__(self, wsgi: Any, *, only_by_https: bool) -> None:
        """:param only_by_https: browsers are to come in no other way from now on."""
        self._wsgi = wsgi
        told = (*_HEADERS, _ONLY_BY_HTTPS) if only_by_https else _HEADERS
        self._headers = [(name.lower(), (name, text)) for name, text in told]

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            there = {name.lower() for name, _text in headers}
            new = [header for name, header in self._headers if name not in there]
            return start_response(status, headers + new, *rest)

        return self._wsgi(environ, start)  # type: ignore[no-any-return]


def let_forms_reach(url: str) -> None:
    """Allow this page's forms to end, after redirects, at the origin of `url`.

    Chromium applies `form-action` to every redirect that follows a form, so without
    this the consent page could not send the browser back to the client.
    """
    g.form_action = f"{g.get('form_action', '')} {_source(url)}"
    after_this_request(_say_policy)


def let_frames_show(url: str) -> None:
    """Allow this page to show pages of the origin of `url` in frames."""
    g.frame_src = f"{g.get('frame_src', '')} {_source(url)}"
    after_this_request(_say_policy)


def _source(url: str) -> str:
    """The origin of `url`, as CSP names it."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        return f"{parts.scheme}:"
    # CSP cannot name an IPv6 address (Chromium drops it), so any host counts.
    _, ipv6, port = parts.netloc.partition("]")
    return f"{parts.scheme}://{'*' + port if ipv6 else parts.netloc}"


def _say_policy(response: Response) -> Response:
    frames = f"frame-src{g.frame_src}; " if "frame_src" in g else ""
    policy = _POLICY.format(frames=frames, forms=g.get("form_action", ""))
    response.headers.setdefault("Content-Security-Policy", policy)
    return response
