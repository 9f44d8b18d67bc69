"""Why there is nothing to buy or to see: one class a reason.

ShopClosed                404, no provider takes payments for us
OrderUnknown              404, there is none, or it is somebody else's
CheckoutNotOpened         502, the provider gives no page to pay at
"""

from oauthapp.callbacks.redirect.refusals import ProviderFailed
from oauthapp.errors import NotFound


class ShopClosed(NotFound):
    """Nothing is for sale here."""

    code = "shop_closed"
    cause = "No provider is configured that takes payments for this app."
    remedy = "Add a table [app.payments] to the settings."


class OrderUnknown(NotFound):
    """This browser has made no such order."""

    code = "order_unknown"
    expected = "an order that was made in this browser"
    cause = (
        "The address was opened by hand, came from somebody else, or your browser "
        "has lost the cookie that was set when you ordered. Nothing was settled by "
        "opening it: only a webhook does that."
    )
    remedy = "Open the shop in the browser you ordered with: your orders are there."


class CheckoutNotOpened(ProviderFailed):
    """The provider does not let this app ask for money."""

    code = "checkout_not_opened"
    expected = "201 with checkout, and a url at the provider"
    cause = "client_id, secret or return URL differ from what it has on file."
    remedy = "Compare this app's settings with its registration at the provider."
