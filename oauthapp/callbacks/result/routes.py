"""Where a provider tells us the result of a job: once, at the address we named.

The third twin of `callbacks/redirect/routes.py` and `callbacks/webhook/routes.py`:
evidence → believe → keep → answer.
"""

from flask import Blueprint
from flask import Response
from flask import request

from oauthapp.callbacks.result import store
from oauthapp.callbacks.result.misbehaving import RECEIVED
from oauthapp.callbacks.result.refusals import NoWorkGiven
from oauthapp.callbacks.result.refusals import ResultTwice
from oauthapp.callbacks.result.verify import CHECKS
from oauthapp.callbacks.result.verify import Evidence
from oauthapp.callbacks.result.verify import Result
from oauthapp.callbacks.result.verify import believe
from oauthapp.callbacks.result.verify import read_told
from oauthapp.callbacks.result.weakened import taken_again
from oauthapp.callbacks.webhook import verify as signature
from oauthapp.callbacks.webhook.body import raw_body
from oauthapp.callbacks.webhook.evidence import Evidence as Signed
from oauthapp.callbacks.webhook.refusals import NotJson
from oauthapp.control.taking import take_from
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.recorder.call import note
from oauthapp.recorder.call import remark
from oauthapp.recorder.call import share
from oauthapp.recorder.inbound import request_headers
from oauthapp.services import AppServices
from oauthapp.services import app_services
from oauthapp.weaknesses import passed_over

bp = Blueprint("result", __name__)


@bp.before_request
def misbehave_when_told() -> Response | None:
    spoil = take_from(app_services(), RECEIVED, target=request.base_url)
    return spoil() if spoil else None


@bp.post("/results/<provider>")
def receive(provider: str) -> Response:
    """204 once the result is kept for good, also when it already was."""
    services = app_services()
    evidence, off = _evidence(services, provider), services.weaknesses.off
    result = believe(evidence, off)
    remark(*passed_over(CHECKS, evidence, off))
    reason = _keep(services, result)
    note(verdict="accepted", reason=reason)
    return Response(status=204)


def _evidence(services: AppServices, provider: str) -> Evidence:
    """What the provider signed, beside the export that it names."""
    registration = services.settings.providers.get(provider)
    if registration is None or not registration.callback_secrets:
        raise NoWorkGiven(arrived=provider[:80])
    if request.mimetype != "application/json" and not services.weaknesses.forgive(
        "it_says_it_is_json", NotJson.code
    ):
        raise NotJson(arrived=request.mimetype[:80] or "no Content-Type")
    signed = Signed(
        secrets=registration.callback_secrets,
        headers=dict(request_headers(request.environ)),
        body=raw_body(services.weaknesses),
        now=services.clock(),
    )
    off = services.weaknesses.off
    message = signature.believe(signed, off)
    remark(*passed_over(signature.CHECKS, signed, off))
    share("message", message.id)
    told = read_told(message)
    share("job", told.job)
    with reading(services.database) as connection:
        pending = store.find_pending(connection, told.reference)
    return Evidence(message=message, told=told, provider=provider, pending=pending)


def _keep(services: AppServices, result: Result) -> str:
    """Take the result, once: how it was not the first, "" when it was.

    :raises ResultTwice: when another one came at the same time.
    """
    now = services.clock()
    with writing(services.database) as connection:
        if store.take_result(connection, result, now=now):
            new = store.learn(
                connection,
                result.export_id,
                "callback_url",
                result=result.result,
                finished_at=result.finished_at,
                now=now,
            )
            return "" if new else "already_known"
        taken = store.find_pending(connection, result.export_id)
        known = taken is not None and taken.callback_message == result.message_id
        if taken_again(services, connection, result, known=known, now=now):
            return ""
    if not known:
        raise ResultTwice(arrived=f"job {result.job_id!a}")
    return "duplicate"
