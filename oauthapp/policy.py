"""What a page may load and where its forms may lead: its security headers.

Written by hand in a few lines, since the policy differs from page to page.
"""

from urllib.parse import urlsplit

from flask import Response
from flask import current_app
from flask import g
from flask import request


def let_forms_reach(url: str) -> None:
    """Allow this page's forms to end, after redirects, at the origin of `url`.

    Chromium applies `form-action` to every redirect that follows a form, so without
    this the consent page could not send the browser back to the client.
    """
    g.form_action = f"{g.get('form_action', '')} {_source(url)}"


def let_frames_show(url: str) -> None:
    """Allow this page to show pages of the origin of `url` in frames."""
    g.frame_src = f"{g.get('frame_src', '')} {_source(url)}"


def _source(url: str) -> str:
    """The origin of `url`, as CSP names it."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        return f"{parts.scheme}:"
    # CSP cannot name an IPv6 address (Chromium drops it), so any host counts.
    _, ipv6, port = parts.netloc.partition("]")
    return f"{parts.scheme}://{'*' + port if ipv6 else parts.netloc}"


def add_security_headers(response: Response) -> Response:
    """The headers that every answer has, where it has none of its own."""
    form_action = "'self'" + g.get("form_action", "")
    frames = f"frame-src{g.frame_src}; " if "frame_src" in g else ""
    headers = {
        "Content-Security-Policy": "default-src 'none'; style-src 'self'; "
        "script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        f"{frames}form-action {form_action}; frame-ancestors 'none'; base-uri 'none'",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    if request.endpoint != "static":
        headers["Cache-Control"] = "no-store"
    if current_app.config["ONLY_BY_HTTPS"]:  # also behind a TLS proxy
        headers["Strict-Transport-Security"] = "max-age=31536000"
    there = {name.lower() for name, _value in response.headers}
    new = [(name, text) for name, text in headers.items() if name.lower() not in there]
    response.headers.extend(new)
    return response
