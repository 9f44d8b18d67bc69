"""A shop opens a checkout, its buyer pays or cancels, and both are told.

The buyer is told by a redirect, the shop by an event: the first can be lost or
invented, so it says only which checkout comes back.
"""

import re
import secrets
from collections.abc import Mapping

from authlib.oauth2 import OAuth2Error
from flask import Blueprint
from flask import Response
from flask import redirect
from flask import render_template
from flask import request
from werkzeug.wrappers import Response as BaseResponse

from oauthapp.callers.checkout import store
from oauthapp.callers.checkout.asked import read_asked
from oauthapp.callers.checkout.misbehaving import spoiled_news
from oauthapp.callers.checkout.refusals import CheckoutExpired
from oauthapp.callers.checkout.refusals import CheckoutUnknown
from oauthapp.callers.checkout.refusals import FieldUnusable
from oauthapp.callers.checkout.refusals import IdempotencyKeyMissing
from oauthapp.callers.checkout.refusals import IdempotencyKeyReused
from oauthapp.callers.checkout.store import Checkout
from oauthapp.callers.checkout.store import Status
from oauthapp.callers.provider.clients import calling_client
from oauthapp.callers.provider.clients import find_client
from oauthapp.callers.provider.clients import refused
from oauthapp.callers.provider.machines import answer_json
from oauthapp.callers.provider.machines import answer_later
from oauthapp.callers.provider.machines import answer_oauth_error
from oauthapp.callers.provider.parameters import printable
from oauthapp.callers.provider.parameters import sent_parameters
from oauthapp.callers.sender.event_store import publish
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.errors import TooMany
from oauthapp.pages import csrf
from oauthapp.parameters import add_to_query
from oauthapp.policy import let_forms_reach
from oauthapp.recorder.call import note
from oauthapp.recorder.call import share
from oauthapp.services import ProviderServices
from oauthapp.services import provider_services

bp = Blueprint("checkout", __name__)
bp.register_error_handler(OAuth2Error, answer_oauth_error)
bp.register_error_handler(TooMany, answer_later)

#: How each button ends a checkout.
ENDINGS: Mapping[str, Status] = {"pay": "paid", "cancel": "canceled"}
#: What the shop is told then.
EVENTS: Mapping[Status, str] = {
    "paid": "payment.succeeded",
    "canceled": "payment.canceled",
}

_KEY = re.compile(r"[!-~]{1,255}")


@bp.post("/checkout/sessions")
def open_checkout() -> Response:
    """Open a checkout for a shop: the page to send its buyer to.

    Asked again with the same key, it answers the same and opens no second one.
    """
    services, now = provider_services(), provider_services().clock()
    client, method = calling_client(services)
    if method == "none":
        raise refused("Only a client with a secret may ask for money")
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        raise IdempotencyKeyMissing(arrived=printable(key)[:80] or "none")
    asked = read_asked(client, sent_parameters())
    new_id = f"cs_{secrets.token_urlsafe(24)}"
    ends = now + services.settings.checkout_ttl
    with writing(services.database) as connection:
        store.forget_old(connection, now=now)
        store.keep(connection, new_id, asked, key=key, expires_at=ends, now=now)
        kept = store.find_by_key(connection, client_id=client.client_id, key=key)
    if kept is None or kept.asked != asked:
        raise IdempotencyKeyReused(arrived=f"Idempotency-Key: {key}"[:120])
    _share(kept)
    answer = answer_json(_told(services, kept), 201)
    note(verdict="accepted", reason="" if kept.checkout_id == new_id else "duplicate")
    return answer


csrf.exempt(open_checkout)  # a machine, which proves who it is


@bp.get("/checkout/<checkout_id>")
def show(checkout_id: str) -> Response:
    """The page for the buyer: who asks, for what, how much. No login is needed."""
    services = provider_services()
    checkout = _find(services, checkout_id)
    client = find_client(services, checkout.asked.client_id)
    let_forms_reach(checkout.asked.return_url)
    page = render_template(
        "provider/checkout.html",
        checkout=checkout,
        shop=(client and client.client_name) or checkout.asked.client_id,
        expired=_is_over(services, checkout),
        back=_way_back(checkout),
    )
    note(verdict="accepted")
    return Response(page)


@bp.post("/checkout/<checkout_id>")
def finish(checkout_id: str) -> BaseResponse:
    """The buyer pays or cancels, once; then back to the shop, however often."""
    services = provider_services()
    checkout = _find(services, checkout_id)
    decision = request.form.get("decision", "")
    if decision not in ENDINGS:
        arrived = f"decision={printable(decision)!r}"[:80]
        raise FieldUnusable(arrived=arrived, expected="decision: pay or cancel")
    note(verdict="accepted")
    if not _end(services, checkout, ENDINGS[decision]):
        if _is_over(services, _find(services, checkout_id)):
            raise CheckoutExpired
        note(verdict="accepted", reason="duplicate")
    answer = redirect("/", 303)
    answer.headers["Location"] = _way_back(checkout)  # as registered, to the letter
    return answer


def _end(services: ProviderServices, checkout: Checkout, status: Status) -> bool:
    """End it and tell the shop, both or neither: whether it was still open."""
    client_id, now = checkout.asked.client_id, services.clock()
    news = spoiled_news(services, client_id, _news(checkout))
    with writing(services.database) as connection:
        if not store.end(connection, checkout.checkout_id, status=status, now=now):
            return False
        publish(connection, event_type=EVENTS[status], data=news, now=now)
    services.wake.set()
    return True


def _news(checkout: Checkout) -> dict[str, object]:
    """What the shop needs to see that the event is about its own order."""
    asked = checkout.asked
    return {
        "order": asked.order,
        "checkout": checkout.checkout_id,
        "amount": asked.money.amount,
        "currency": asked.money.currency,
    }


def _told(services: ProviderServices, checkout: Checkout) -> dict[str, object]:
    return {
        "checkout": checkout.checkout_id,
        "url": f"{services.settings.issuer}/checkout/{checkout.checkout_id}",
        "expires_at": int(checkout.expires_at),
    }


def _find(services: ProviderServices, checkout_id: str) -> Checkout:
    # Those we gave out are plain; a database refuses to look for NUL or no text.
    if not (checkout_id.isascii() and checkout_id.isprintable()):
        raise CheckoutUnknown(arrived=printable(checkout_id)[:80])
    with reading(services.database) as connection:
        found = store.find(connection, checkout_id)
    if found is None:
        raise CheckoutUnknown(arrived=checkout_id[:80])
    _share(found)
    return found


def _is_over(services: ProviderServices, checkout: Checkout) -> bool:
    return checkout.status == "open" and checkout.expires_at <= services.clock()


def _way_back(checkout: Checkout) -> str:
    """The registered address, with the checkout that comes back and no word more."""
    return add_to_query(checkout.asked.return_url, [("checkout", checkout.checkout_id)])


def _share(checkout: Checkout) -> None:
    share("checkout", checkout.checkout_id)
    share("order", checkout.asked.order)
