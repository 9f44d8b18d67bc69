"""Why a checkout is refused: told to the shop that asks for it, or to its buyer.

CheckoutRefused           400 and 422, told to the shop, which is a machine
├── ReturnUrlUnknown      400, with the place where the addresses part
CheckoutUnknown           404, told to the buyer
CheckoutExpired           410, likewise
"""

from collections.abc import Iterable

from oauthapp.allowlist import first_difference
from oauthapp.allowlist import nearest
from oauthapp.callers.provider.parameters import printable
from oauthapp.errors import NotFound
from oauthapp.errors import Refused


class CheckoutRefused(Refused):
    """This checkout cannot be opened."""

    code = "checkout_refused"


class FieldRepeated(CheckoutRefused):
    """A field came more than once, so it is not clear which one is meant."""

    code = "field_repeated"
    expected = "each field once"


class FieldUnusable(CheckoutRefused):
    """A field is missing, or nothing that a checkout can use."""

    code = "field_unusable"
    cause = "It was left out, or written for people: “12,50” instead of 1250."
    remedy = "Send the form as it is described; nothing was charged."


class ReturnUrlUnknown(CheckoutRefused):
    """The shop did not register the address it wants its buyers sent back to."""

    code = "return_url_unknown"
    cause = (
        "return_url is compared character by character, like a redirect_uri. It is a "
        "constant: which checkout comes back is appended by this provider."
    )
    remedy = "Register it as one of the client's checkout_return_uris, or correct it."

    def __init__(self, url: str, registered: Iterable[str]) -> None:
        """:param url: as sent; the nearest of `registered` is told beside it."""
        arrived, expected = printable(url), nearest(url, registered)
        super().__init__(arrived=arrived, expected=expected or "none is registered")
        if expected is not None:
            self.difference = first_difference(arrived, expected)


class IdempotencyKeyMissing(CheckoutRefused):
    """Without a key, a request that is sent again could be charged again."""

    code = "idempotency_key_missing"
    expected = "Idempotency-Key: 1 to 255 printable ASCII characters"
    cause = "The client has not heard of it, or a proxy removed the header."
    remedy = "Send a key of your own with each checkout, and the same one when you ask "
    remedy += "again because no answer came."


class IdempotencyKeyReused(CheckoutRefused):
    """This key was used before, for a checkout of something else."""

    code = "idempotency_key_reused"
    status = 422
    expected = "the same content as the first time, or a new key"
    cause = "Two orders share a key, or an order was changed after it was sent."
    remedy = "Use one key for each order; make a new one when the order changes."


class CheckoutUnknown(NotFound):
    """There is nothing to pay at this address."""

    code = "checkout_unknown"
    cause = "The address was copied incompletely, or the checkout is long over."
    remedy = "Go back to the shop and pay from there."


class CheckoutExpired(Refused):
    """It is too late to pay here."""

    code = "checkout_expired"
    status = 410
    cause = "The page was left open longer than a checkout lives."
    remedy = "Nothing was charged. Go back to the shop and order again."
