"""`/control/endpoints`: are webhooks sent, and let them be sent again."""

from flask import Blueprint
from flask import Response
from flask import jsonify

from oauthapp.callers.sender import endpoint_store
from oauthapp.control.guard import guard
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.services import provider_services

bp = guard(Blueprint("sender_control", __name__, url_prefix="/control"))


@bp.get("/endpoints")
def show() -> Response:
    """Every endpoint, and why nothing is sent to it any more, if so."""
    with reading(provider_services().database) as connection:
        kept = endpoint_store.listed(connection)
    return jsonify(endpoints=[{"url": k.url, "disabled": k.disabled} for k in kept])


@bp.delete("/endpoints/disabled")
def enable() -> Response:
    """Send to all of them again what happens from now on."""
    with writing(provider_services().database) as connection:
        for kept in endpoint_store.listed(connection):
            endpoint_store.enable(connection, kept.url)
    return show()
