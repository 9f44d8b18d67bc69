"""Where another server calls us: it sends a message, we keep it and say so.

The twin of `callbacks/redirect/routes.py`. Nobody is watching: the caller is a
program that wants a status code, and that calls again when it does not get one.
"""

import re

from flask import Blueprint
from flask import Response
from flask import request

from oauthapp.callbacks.webhook.body import raw_body
from oauthapp.callbacks.webhook.event import describe
from oauthapp.callbacks.webhook.evidence import Evidence
from oauthapp.callbacks.webhook.intake import keep
from oauthapp.callbacks.webhook.refusals import NotJson
from oauthapp.callbacks.webhook.refusals import UnknownSource
from oauthapp.callbacks.webhook.schemes import SCHEMES
from oauthapp.callbacks.webhook.verify import CHECKS
from oauthapp.callbacks.webhook.verify import believe
from oauthapp.callbacks.webhook.weakened import kept_again
from oauthapp.recorder.call import note
from oauthapp.recorder.call import remark
from oauthapp.recorder.call import share
from oauthapp.recorder.inbound import request_headers
from oauthapp.services import AppServices
from oauthapp.services import app_services
from oauthapp.weaknesses import passed_over

bp = Blueprint("webhook", __name__)

#: What a sender calls itself: a host name or an address.
_HOST = re.compile(r"[A-Za-z0-9._:-]{1,253}", re.ASCII)


@bp.route("/webhooks/<source>", methods=["POST"], provide_automatic_options=False)
def receive(source: str) -> Response:
    """204 once the message is kept for good, also when it already was."""
    services = app_services()
    evidence = _evidence(services, source)
    off = services.weaknesses.off
    message = believe(evidence, off)
    if off:
        remark(*passed_over(CHECKS, evidence, off))
    share("message", message.id)
    event = describe(
        message.body,
        envelope=evidence.scheme.envelope,
        type_header=evidence.event_type,
    )
    share("sid", event.sid)
    new = keep(
        services,
        source=source,
        message=message,
        event_type=event.type,
        now=evidence.now,
    )
    if not new:
        new = kept_again(
            services,
            source=source,
            message=message,
            event_type=event.type,
            now=evidence.now,
        )
    note(verdict="accepted", reason="" if new else "duplicate")
    if not services.wake.is_set():
        services.wake.set()
    return Response(status=204)


@bp.route("/webhooks/<source>", methods=["OPTIONS"], provide_automatic_options=False)
def permit(source: str) -> Response:
    """Whoever asks whether we want its messages is told so (CloudEvents webhook §4).

    It says no more than that somebody here knows this name: a message is believed for
    its signature alone.
    """
    if source not in app_services().settings.webhooks:
        raise UnknownSource(arrived=source[:80])
    answer = Response(status=204, headers={"Allow": "OPTIONS, POST"})
    origin = request.headers.get("WebHook-Request-Origin", "")
    if _HOST.fullmatch(origin):
        answer.headers["WebHook-Allowed-Origin"] = origin
    note(verdict="accepted")
    return answer


def _evidence(services: AppServices, name: str) -> Evidence:
    """What came, unparsed, beside what we know of its source."""
    source = services.settings.webhooks.get(name)
    if source is None:
        raise UnknownSource(arrived=name[:80])
    if request.mimetype != "application/json" and not services.weaknesses.forgive(
        "it_says_it_is_json", NotJson.code
    ):
        raise NotJson(arrived=request.mimetype[:80] or "no Content-Type")
    return Evidence(
        secrets=source.secrets,
        headers=dict(request_headers(request.environ)),
        body=raw_body(services.weaknesses),
        now=services.clock(),
        scheme=SCHEMES[source.scheme],
    )
