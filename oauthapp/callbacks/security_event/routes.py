"""Where a provider pushes security events (RFC 8935).

The third of the answers that servers want: a webhook is answered 204, a back-channel
logout 200, this 202 and nothing in it. What happens to the event is the same: it is
kept for good in the inbox before the answer, once, and processed afterwards.
"""

from typing import Any

from flask import Blueprint
from flask import Response
from flask import jsonify
from flask import request

from oauthapp.callbacks.redirect.discovery import app_discovery
from oauthapp.callbacks.redirect.id_token_key import token_header
from oauthapp.callbacks.redirect.id_token_refusals import IdTokenRefused
from oauthapp.callbacks.redirect.refusals import UnknownProvider
from oauthapp.callbacks.redirect.token_claims import SIGNATURE_CHECKS
from oauthapp.callbacks.redirect.token_claims import claims_of
from oauthapp.callbacks.security_event.refusals import EventNotSigned
from oauthapp.callbacks.security_event.refusals import EventRefused
from oauthapp.callbacks.security_event.refusals import NotAnEventToken
from oauthapp.callbacks.security_event.verify import CHECKS
from oauthapp.callbacks.security_event.verify import Evidence
from oauthapp.callbacks.security_event.verify import believe
from oauthapp.callbacks.webhook.intake import keep
from oauthapp.callbacks.webhook.weakened import kept_again
from oauthapp.recorder.call import note
from oauthapp.recorder.call import remark
from oauthapp.recorder.call import share
from oauthapp.services import app_services
from oauthapp.weaknesses import passed_over

bp = Blueprint("security_event", __name__)

MEDIA_TYPE = "application/secevent+jwt"


@bp.post("/events/<provider>")
def receive(provider: str) -> Response:
    """202 once the event is kept for good, also when it already was."""
    note(kind="webhook")
    services = app_services()
    try:
        evidence = _evidence(provider)
        off = services.weaknesses.off
        event = believe(evidence, off)
        remark(*passed_over(CHECKS, evidence, off, of="event_token."))
    except EventRefused as refusal:
        return _refused(refusal)
    share("message", event.id)
    row: dict[str, Any] = {
        "source": f"events/{provider}",
        "message": event,
        "event_type": event.event_type,
        "now": evidence.now,
    }
    new = keep(services, **row) or kept_again(services, **row)
    note(verdict="accepted", reason="" if new else "duplicate")
    services.wake.set()
    return Response(status=202)


def _evidence(provider: str) -> Evidence:
    """What the provider signed, beside what we know of it."""
    services = app_services()
    registration = services.settings.providers.get(provider)
    if registration is None:
        raise UnknownProvider(arrived=provider[:80])
    if request.mimetype != MEDIA_TYPE:
        raise NotAnEventToken(arrived=request.mimetype[:80] or "no Content-Type")
    body = request.get_data(cache=False)
    token = body.decode("ascii", "replace")
    unsigned = "event_token.its_signature_holds" in services.weaknesses.off
    try:
        claims, forgiven = claims_of(
            token,
            app_discovery(),
            issuer=registration.issuer,
            alg=registration.id_token_alg,
            forgiven=SIGNATURE_CHECKS if unsigned else (),
        )
        header = token_header(token)
    except IdTokenRefused as refusal:
        raise EventNotSigned(arrived=refusal.code) from None
    remark(EventNotSigned.code if forgiven else "")
    return Evidence(
        header=header,
        claims=claims,
        body=body,
        issuer=registration.issuer,
        client_id=registration.client_id,
        now=services.clock(),
    )


def _refused(refusal: EventRefused) -> Response:
    """The error answer that RFC 8935 §2.3 wants."""
    note(verdict="refused", reason=refusal.code)
    answer = jsonify(err=refusal.err, description=f"{refusal.code}: {refusal}")
    answer.status_code = 400
    answer.headers["Content-Language"] = "en"
    return answer
