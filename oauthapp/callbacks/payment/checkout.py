"""An order becomes a checkout at the provider: the act, before the buyer goes there."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus
from urllib.parse import urlsplit

import requests
from requests.auth import HTTPBasicAuth

from oauthapp.callbacks.payment.refusals import CheckoutNotOpened
from oauthapp.callbacks.payment.store import Order
from oauthapp.callbacks.redirect.discovery import call_failed
from oauthapp.callbacks.redirect.discovery import json_object
from oauthapp.services import AppServices
from oauthapp.settings import LoginProvider
from oauthapp.settings import Payments

#: An answer may be lost on its way. The key makes it safe to ask again.
TRIES = 2


def open_checkout(
    services: AppServices, payments: Payments, order: Order
) -> tuple[str, str]:
    """The id of a new checkout for `order`, and the page to pay at.

    :raises ProviderFailed: when there is none.
    """
    url = payments.checkout_endpoint
    answer = _ask(services, payments, order)
    if answer.status_code in (400, 401, 403, 422):
        raise CheckoutNotOpened(arrived=f"{url} answered {answer.status_code}")
    told = json_object(answer, url, statuses=(201,))
    checkout_id, page = told.get("checkout"), told.get("url")
    if not _is_id(checkout_id) or not _is_at(page, url):
        raise CheckoutNotOpened(arrived=f"{url} named no page of its own")
    return str(checkout_id), str(page)


def _ask(services: AppServices, payments: Payments, order: Order) -> requests.Response:
    registration = services.settings.providers[payments.provider]
    form = {
        "order": order.order_id,
        "description": order.article,
        "amount": str(order.money.amount),
        "currency": order.money.currency,
        "return_url": services.settings.return_url(),
    }
    credentials, auth = _credentials(registration)
    for tries_left in reversed(range(TRIES)):
        try:
            return services.http.post(
                payments.checkout_endpoint,
                data={**form, **credentials},
                auth=auth,
                headers={
                    "Idempotency-Key": order.order_id,
                    "Accept": "application/json",
                },
            )
        except requests.RequestException as error:
            if not tries_left:
                raise call_failed(error, payments.checkout_endpoint) from None
    raise AssertionError("the last try gives an answer or an error")


def _credentials(
    registration: LoginProvider,
) -> tuple[Mapping[str, str], HTTPBasicAuth | None]:
    """In the form or in a header, as registered (RFC 6749 §2.3.1)."""
    client_id, secret = registration.client_id, registration.client_secret
    if registration.token_endpoint_auth_method == "client_secret_post":
        return {"client_id": client_id, "client_secret": secret}, None
    return {}, HTTPBasicAuth(quote_plus(client_id), quote_plus(secret))


def _is_id(value: Any) -> bool:
    """What can stand in a URL and be kept."""
    plain = isinstance(value, str) and value.isascii() and value.isprintable()
    return plain and 1 <= len(value) <= 255


def _is_at(page: Any, endpoint: str) -> bool:
    """Whether `page` is at the provider's own origin: nobody is sent elsewhere."""
    if not isinstance(page, str) or not page.isascii() or not page.isprintable():
        return False
    origin = "{0.scheme}://{0.netloc}/".format(urlsplit(endpoint))
    return page.startswith(origin) and "\\" not in page and " " not in page
