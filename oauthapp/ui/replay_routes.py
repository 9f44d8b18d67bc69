"""A recorded webhook, sent once more to our own endpoint, and what came of it."""

from typing import Any

import requests
from flask import Blueprint
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from werkzeug.wrappers import Response

from oauthapp.errors import NotFound
from oauthapp.recorder.call import Call
from oauthapp.recorder.call import calling_as
from oauthapp.recorder.timeline import tell
from oauthapp.recorder.trace import caller_in
from oauthapp.services import AppServices
from oauthapp.services import app_services
from oauthapp.ui.replay import WAYS
from oauthapp.ui.replay import Sending
from oauthapp.ui.replay import source_of
from oauthapp.ui.replay_refusals import NoReplayPossible
from oauthapp.ui.replay_refusals import ReplayFailed

bp = Blueprint("replay", __name__)


@bp.app_template_global("can_be_replayed")
def can_be_replayed(call: Call) -> bool:
    """Whether the call's page should lead to the one that sends it once more."""
    return source_of(call, app_services().settings) is not None


@bp.get("/inspect/<call_id>/replay")
def ask(call_id: str) -> str:
    """What would be sent, what is to be expected, and what came of the last time."""
    services = app_services()
    call = answered(services, found(services, call_id))
    sent = services.recorder.find(request.args.get("sent", ""))
    return render_template(
        "app/replay.html",
        call=call,
        ways={name: _way(services, call, name) for name in WAYS},
        sent=sent,
        heard=_heard(services, sent) if sent else None,
    )


@bp.post("/inspect/<call_id>/replay")
def send(call_id: str) -> Response:
    """Send it, and lead to what came of it."""
    services = app_services()
    if request.host != services.settings.host():  # another name may be another's page
        raise NoReplayPossible(arrived=request.host[:200], expected="our own host")
    make = WAYS.get(request.form.get("way", ""))
    if make is None:
        raise NoReplayPossible(expected=f"way: {' or '.join(WAYS)}")
    call = answered(services, found(services, call_id))
    sending = make(call, services.settings, services.clock(), services.weaknesses.off)
    sent = _send(services, sending)
    return redirect(url_for("replay.ask", call_id=call_id, sent=sent), 303)


def found(services: AppServices, call_id: str) -> Call:
    """The recorded call of this id.

    :raises NotFound: there is none.
    """
    call = services.recorder.find(call_id)
    if call is None:
        raise NotFound(arrived=call_id[:80])
    return call


def answered(services: AppServices, call: Call) -> Call:
    """The record of whoever answered this call; itself, when nobody of ours did."""
    if call.direction == "inbound":
        return call
    steps = tell(services.recorder.run(call)).steps
    return next((step.call for step in steps if call.id in step.ids), call)


def _send(services: AppServices, sending: Sending) -> str:
    """The id of the call that this made."""
    headers = dict(sending.headers)
    try:
        with calling_as("webhook"):
            answer = services.http.post(sending.url, data=sending.body, headers=headers)
    except (requests.RequestException, ValueError) as error:
        raise ReplayFailed(arrived=type(error).__name__) from None
    return caller_in(answer.request.headers["traceparent"]) or ""


def _way(services: AppServices, call: Call, name: str) -> dict[str, Any]:
    """What this way would send, or why it cannot."""
    try:
        off = services.weaknesses.off
        sending = WAYS[name](call, services.settings, services.clock(), off)
    except NoReplayPossible as refusal:
        return {"refusal": refusal.explain()}
    return {"sending": sending}


def _heard(services: AppServices, sent: Call) -> Call | None:
    """What our endpoint made of it; None while that is not recorded yet."""
    for one in services.recorder.run(sent):
        # Anybody may name it as the caller, but not come earlier than it did.
        if one.caller_id == sent.id and one.direction == "inbound":
            return one
    return None
