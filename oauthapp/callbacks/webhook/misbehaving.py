"""The receiver's misbehaviour: one table, from the name of a fault to what it does."""

from collections.abc import Callable
from collections.abc import Mapping

from flask import Flask
from flask import Response
from flask import after_this_request
from flask import request

from oauthapp.callbacks.webhook.routes import bp
from oauthapp.control.hanging import broken_off
from oauthapp.control.hanging import without_end
from oauthapp.control.taking import take_from
from oauthapp.services import app_services

#: None: the message is taken as ever, and only its answer is spoiled.
Spoiler = Callable[[], Response | None]


def misbehave_when_told(app: Flask) -> None:
    """Let faults of the receiver happen in this app; others are not even asked."""
    app.before_request_funcs.setdefault(bp.name, []).append(_misbehave)


def _misbehave() -> Response | None:
    if request.endpoint != f"{bp.name}.receive" or request.method != "POST":
        return None
    spoil = take_from(app_services(), RECEIVED, target=request.base_url)
    return spoil() if spoil else None


def _answering(status: int, **headers: str) -> Spoiler:
    told = {name.replace("_", "-"): text for name, text in headers.items()}
    return lambda: Response("on purpose", status=status, headers=told)


def _slow() -> None:
    after_this_request(lambda _answer: without_end(200))


#: By the name of the fault.
RECEIVED: Mapping[str, Spoiler] = {
    "receiver_500_once": _answering(500),
    "receiver_500_always": _answering(500),
    "receiver_slow": _slow,
    "receiver_410": _answering(410),
    "receiver_429": _answering(429, Retry_After="2"),
    "receiver_down_then_back": _answering(503),
    "receiver_breaks_off": lambda: broken_off(200),
}
