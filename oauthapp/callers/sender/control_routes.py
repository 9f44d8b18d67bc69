"""`/control/endpoints`: where are webhooks sent to, and are they?"""

from flask import Blueprint
from flask import Response
from flask import jsonify

from oauthapp.callers.sender import endpoint_store
from oauthapp.callers.sender.endpoints import add_endpoint
from oauthapp.callers.sender.endpoints import new_secret
from oauthapp.control.guard import guard
from oauthapp.control.orders import Order
from oauthapp.control.orders import made
from oauthapp.control.orders import read_order
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.services import provider_services
from oauthapp.settings import Endpoint

bp = guard(Blueprint("sender_control", __name__, url_prefix="/control"))


EXAMPLE = (
    '{"url": "http://localhost:3000/hooks", "events": ["session.created"]}, and '
    '"secret": "whsec_…" if it is not to be made'
)


class _Endpoint(Order, frozen=True, kw_only=True):
    url: str
    events: list[str]
    secret: str = ""


@bp.get("/endpoints")
def show() -> Response:
    """Every endpoint, and why nothing is sent to it any more, if so."""
    with reading(provider_services().database) as connection:
        kept = endpoint_store.listed(connection)
    return jsonify(endpoints=[{"url": k.url, "disabled": k.disabled} for k in kept])


@bp.post("/endpoints")
def add() -> tuple[Response, int]:
    """Send these events there from now on; the signing secret is made if not told."""
    told = read_order(_Endpoint, EXAMPLE)
    secret = told.secret or new_secret()
    one = made(
        EXAMPLE, lambda: Endpoint(url=told.url, secret=secret, events=told.events)
    )
    add_endpoint(provider_services(), one)
    return jsonify(url=one.url, secret=one.secret, events=one.events), 201


@bp.delete("/endpoints/disabled")
def enable() -> Response:
    """Send to all of them again what happens from now on."""
    with writing(provider_services().database) as connection:
        for kept in endpoint_store.listed(connection):
            endpoint_store.enable(connection, kept.url)
    return show()
