"""The shop: an order is made, and its buyer comes back from paying, or does not.

The return is a redirect callback like `/callback`, but it proves nothing at all: no
state, no code, nothing to exchange. So it changes nothing; a webhook settles the order.
"""

import secrets
from collections.abc import Sequence
from typing import cast
from urllib.parse import urlencode

from flask import Blueprint
from flask import Response
from flask import jsonify
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from werkzeug.wrappers import Response as BaseResponse

from oauthapp.callbacks.payment import buyer
from oauthapp.callbacks.payment import store
from oauthapp.callbacks.payment.checkout import open_checkout
from oauthapp.callbacks.payment.refusals import OrderUnknown
from oauthapp.callbacks.payment.refusals import ShopClosed
from oauthapp.callbacks.payment.store import News
from oauthapp.callbacks.payment.store import Order
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.money import Money
from oauthapp.pages import wants_html
from oauthapp.policy import let_forms_reach
from oauthapp.recorder.call import note
from oauthapp.recorder.call import share
from oauthapp.services import AppServices
from oauthapp.services import app_services
from oauthapp.settings import Payments

bp = Blueprint("payment", __name__)

#: All that is for sale.
ARTICLE = "A mug that says “call me back”"
PRICE = Money(amount=1250, currency="EUR")


@bp.get("/orders")
def shop() -> BaseResponse:
    """What can be bought, and what this browser has bought."""
    services = app_services()
    payments = _payments(services)
    if request.host != services.settings.host():  # a cookie set here would stay behind
        return redirect(f"{services.settings.base_url}{url_for('payment.shop')}", 303)
    with reading(services.database) as connection:
        mine = store.made_by(connection, buyer.known_buyer(services.settings))
    let_forms_reach(payments.checkout_endpoint)  # where the button leads
    page = render_template(
        "app/shop.html",
        article=ARTICLE,
        price=PRICE,
        orders=mine,
        return_url=services.settings.return_url(),
        webhook=f"{services.settings.base_url}/webhooks/{payments.webhooks}",
    )
    note(verdict="accepted")
    return Response(page)


@bp.post("/orders")
def order() -> BaseResponse:
    """Make an order, ask the provider for a checkout, and send the buyer there."""
    services = app_services()
    payments, settings = _payments(services), services.settings
    if request.host != settings.host():
        return redirect(f"{settings.base_url}{url_for('payment.shop')}", 303)
    us = buyer.known_buyer(settings) or buyer.new_buyer()
    made = Order(
        order_id=f"ord_{secrets.token_urlsafe(16)}",
        article=ARTICLE,
        money=PRICE,
        source=payments.webhooks,
        created_at=services.clock(),
    )
    share("order", made.order_id)
    with writing(services.database) as connection:
        store.keep(connection, made, buyer=us)
    checkout_id, url = open_checkout(services, payments, made)
    share("checkout", checkout_id)
    with writing(services.database) as connection:
        store.note_checkout(connection, made.order_id, checkout_id=checkout_id, url=url)
    note(verdict="accepted")
    answer = redirect(url, 303)
    buyer.set_buyer(cast(Response, answer), settings, us)
    return answer


@bp.get("/orders/return")
def come_back() -> BaseResponse:
    """The return URL: shows a buyer their own order, and settles nothing."""
    services = app_services()
    _payments(services)
    checkout_id = request.args.get("checkout", "")
    if not _is_plain(checkout_id):
        raise OrderUnknown(arrived=ascii(checkout_id)[:80])
    us = buyer.known_buyer(services.settings)
    with reading(services.database) as connection:
        found = store.find_by_checkout(connection, checkout_id, buyer=us)
    if found is None:
        raise OrderUnknown(arrived=f"checkout={checkout_id}"[:80])
    share("order", found.order_id)
    note(verdict="accepted", reason=_settled_by_return(services, found))
    url = url_for("payment.show", order_id=found.order_id)
    return redirect(f"{services.settings.base_url}{url}", 303)


@bp.get("/orders/<order_id>")
def show(order_id: str) -> Response:
    """One order of this browser: paid or not, and by which message."""
    services = app_services()
    _payments(services)
    if not _is_plain(order_id):
        raise OrderUnknown(arrived=ascii(order_id)[:80])
    us = buyer.known_buyer(services.settings)
    with reading(services.database) as connection:
        found = store.find(connection, order_id, buyer=us)
        news = store.news_of(connection, order_id)
    if found is None:
        raise OrderUnknown(arrived=order_id[:80])
    share("order", order_id)
    note(verdict="accepted")
    if not wants_html():
        return jsonify(_as_data(found, news))
    page = render_template(
        "app/order.html", order=found, news=news, message_url=_message_url
    )
    return Response(page)


def _settled_by_return(services: AppServices, order: Order) -> str:
    """Reason code of a return: it changes nothing, unless that check is off."""
    if "return_settles_nothing" not in services.weaknesses.off:
        return "settles_nothing"
    with writing(services.database) as connection:
        store.believe_buyer(connection, order.order_id, now=services.clock())
    return "settled_by_return"


def _payments(services: AppServices) -> Payments:
    if services.settings.payments is None:
        raise ShopClosed
    return services.settings.payments


def _is_plain(name: str) -> bool:
    """Those we gave out are; a database refuses to look for NUL or no text."""
    return name.isascii() and name.isprintable()


def _message_url(message_id: str) -> str:
    """Where the call is shown that brought this message."""
    return f"/inspect?{urlencode({'text': message_id})}"


def _as_data(order: Order, news: Sequence[News]) -> dict[str, object]:
    return {
        "order": order.order_id,
        "status": order.status,
        "amount": order.money.amount,
        "currency": order.money.currency,
        "settled_by": order.settled_by,
        "settled_at": order.settled_at,
        "news": [
            {"message": one.message_id, "type": one.event_type, "effect": one.effect}
            for one in news
        ],
    }
