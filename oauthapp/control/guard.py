"""Who may give orders? Programs on this machine, and our own pages."""

from flask import Blueprint
from flask import request

from oauthapp.control.refusals import CrossSite
from oauthapp.control.refusals import ForeignHost
from oauthapp.services import any_services


def guard(bp: Blueprint) -> Blueprint:
    """Let nobody else reach the routes of `bp`."""
    bp.before_request(_let_in)
    return bp


def _let_in() -> None:
    host = any_services().settings.host()
    if request.host != host:
        raise ForeignHost(arrived=request.host[:200], expected=host)
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("none", "same-origin"):
        raise CrossSite(arrived=f"Sec-Fetch-Site: {site[:40]}")
    # From a page without a referrer, such as ours, browsers send "Origin: null": it
    # says something only where a browser is too old to send Sec-Fetch-Site.
    origin = request.headers.get("Origin")
    if site is None and origin is not None and origin.partition("://")[2] != host:
        raise CrossSite(arrived=f"Origin: {origin[:200]}")
