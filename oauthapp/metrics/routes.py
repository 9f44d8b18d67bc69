"""`/metrics`: for this machine, or for whoever brings the token."""

import hmac
from typing import cast
from urllib.parse import urlsplit

from flask import Blueprint
from flask import Response
from flask import current_app
from flask import request

from oauthapp.metrics.counting import Counting
from oauthapp.metrics.refusals import MetricsClosed
from oauthapp.metrics.refusals import MetricsOff
from oauthapp.metrics.refusals import MetricsTokenWrong
from oauthapp.services import any_services
from oauthapp.settings_checks import LOOPBACK_HOSTS

bp = Blueprint("metrics", __name__)

#: No call between the parties.
PATH = "/metrics"
#: Of Prometheus' text format.
CONTENT_TYPE = "text/plain; version=1.0.0; charset=utf-8"
#: What says that somebody else stands between the caller and us.
_FORWARDED = ("X-Forwarded-For", "X-Real-Ip", "Forwarded", "Via")


@bp.get(PATH)
def metrics() -> Response:
    """All figures, as Prometheus reads them."""
    counting = cast(Counting | None, current_app.extensions.get("oauthapp.metrics"))
    if counting is None:
        raise MetricsOff
    token: str = current_app.extensions["oauthapp.metrics_token"]
    if token:
        _require_token(token)
    else:
        _require_this_machine()
    return Response(counting.text(), content_type=CONTENT_TYPE)


def _require_token(token: str) -> None:
    scheme, _, brought = request.headers.get("Authorization", "").partition(" ")
    right = hmac.compare_digest(brought.strip().encode(), token.encode())
    if scheme.lower() != "bearer" or not right:
        raise MetricsTokenWrong


def _require_this_machine() -> None:
    if request.remote_addr not in LOOPBACK_HOSTS:
        raise MetricsClosed(arrived=f"a call from {request.remote_addr}")
    for name in _FORWARDED:
        if name in request.headers:
            raise MetricsClosed(arrived=f"a call with the header {name}")
    # Else a page in a browser here could read it by a name of its own.
    own = any_services().settings.host()
    host = urlsplit(f"//{request.host}").hostname
    if request.host != own and host not in LOOPBACK_HOSTS:
        raise MetricsClosed(arrived=f"a call to {request.host[:200]}")
