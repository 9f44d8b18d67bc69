"""Where a provider calls us to sign somebody out.

The twin of `callbacks/webhook/routes.py`, with another answer: 200 and no-store
(OpenID Connect Back-Channel Logout 1.0 §2.8). Sessions end before it is given.
"""

from flask import Blueprint
from flask import Response
from flask import jsonify
from flask import request

from oauthapp.callbacks.backchannel import store
from oauthapp.callbacks.backchannel.refusals import LogoutRefused
from oauthapp.callbacks.backchannel.refusals import LogoutTokenMissing
from oauthapp.callbacks.backchannel.refusals import NotSigned
from oauthapp.callbacks.backchannel.refusals import Replayed
from oauthapp.callbacks.backchannel.verify import CHECKS
from oauthapp.callbacks.backchannel.verify import Evidence
from oauthapp.callbacks.backchannel.verify import believe
from oauthapp.callbacks.redirect.discovery import app_discovery
from oauthapp.callbacks.redirect.id_token_refusals import IdTokenRefused
from oauthapp.callbacks.redirect.refusals import UnknownProvider
from oauthapp.callbacks.redirect.token_claims import SIGNATURE_CHECKS
from oauthapp.callbacks.redirect.token_claims import claims_of
from oauthapp.database import writing
from oauthapp.recorder.call import note
from oauthapp.recorder.call import remark
from oauthapp.recorder.call import share
from oauthapp.services import app_services
from oauthapp.weaknesses import passed_over

bp = Blueprint("backchannel", __name__)


@bp.post("/backchannel-logout/<provider>")
def receive(provider: str) -> Response:
    """200 once the sessions are gone; 400 when the token is not obeyed."""
    note(kind="webhook")
    services = app_services()
    try:
        evidence = _evidence(provider)
        off = services.weaknesses.off
        logout = believe(evidence, off)
        remark(*passed_over(CHECKS, evidence, off, of="logout_token."))
        share("sid", logout.sid)
        with writing(services.database) as connection:
            new = store.keep(
                connection, logout, issuer=evidence.issuer, now=evidence.now
            )
            if not new and not services.weaknesses.forgive(
                "logout_token.it_counts_once", Replayed.code
            ):
                raise Replayed
            store.end_sessions(connection, logout, issuer=evidence.issuer)
    except LogoutRefused as refusal:
        return _refused(refusal)
    note(verdict="accepted")
    return Response()  # with no-store, as every page of ours


def _evidence(provider: str) -> Evidence:
    """What the provider signed, beside what we know of it."""
    services = app_services()
    registration = services.settings.providers.get(provider)
    if registration is None:
        raise UnknownProvider(arrived=provider[:80])
    tokens = request.form.getlist("logout_token")
    if len(tokens) != 1 or not tokens[0]:
        raise LogoutTokenMissing(arrived=f"{len(tokens)} of them")
    unsigned = "logout_token.its_signature_holds" in services.weaknesses.off
    try:
        claims, forgiven = claims_of(
            tokens[0],
            app_discovery(),
            issuer=registration.issuer,
            alg=registration.id_token_alg,
            forgiven=SIGNATURE_CHECKS if unsigned else (),
        )
    except IdTokenRefused as refusal:
        raise NotSigned(arrived=refusal.code) from None
    remark(NotSigned.code if forgiven else "")
    return Evidence(
        claims=claims,
        issuer=registration.issuer,
        client_id=registration.client_id,
        now=services.clock(),
    )


def _refused(refusal: LogoutRefused) -> Response:
    """The error answer that Back-Channel Logout 1.0 §2.8 wants."""
    note(verdict="refused", reason=refusal.code)
    answer = jsonify(
        error="invalid_request", error_description=f"{refusal.code}: {refusal}"
    )
    answer.status_code = refusal.status
    return answer
