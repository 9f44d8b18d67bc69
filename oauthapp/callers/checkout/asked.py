"""What does a shop want to be paid for, and where do its buyers go then? Pure."""

from dataclasses import dataclass

from oauthapp.allowlist import is_registered
from oauthapp.callers.checkout.refusals import FieldRepeated
from oauthapp.callers.checkout.refusals import FieldUnusable
from oauthapp.callers.checkout.refusals import ReturnUrlUnknown
from oauthapp.callers.provider.parameters import printable
from oauthapp.money import Money
from oauthapp.money import read_money
from oauthapp.parameters import Parameters
from oauthapp.parameters import get
from oauthapp.parameters import repeated
from oauthapp.settings import Client

#: Characters of the longest order id, and of the longest description.
LONGEST = 200


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A checkout as its shop wants it."""

    client_id: str
    #: The shop's own name for what is paid; it comes back in the event.
    order: str
    description: str
    money: Money
    return_url: str


def read_asked(client: Client, sent: Parameters) -> Asked:
    """What `client` asks for.

    :raises CheckoutRefused: when it cannot have that.
    """
    if twice := repeated(sent):
        raise FieldRepeated(arrived=printable(", ".join(twice))[:80])
    return_url, allowed = get(sent, "return_url"), client.checkout_return_uris
    if not is_registered(return_url, allowed):
        raise ReturnUrlUnknown(return_url, allowed)
    return Asked(
        client_id=client.client_id,
        order=_text(sent, "order"),
        description=_text(sent, "description"),
        money=_money(sent),
        return_url=return_url,
    )


def _text(sent: Parameters, name: str) -> str:
    value = get(sent, name)
    if not 1 <= len(value) <= LONGEST or not value.isprintable():
        raise FieldUnusable(
            arrived=f"{name}={printable(value)!r}"[:120],
            expected=f"{name}: 1 to {LONGEST} printable characters",
        )
    return value


def _money(sent: Parameters) -> Money:
    amount, currency = get(sent, "amount"), get(sent, "currency")
    try:
        return read_money(amount, currency)
    except ValueError as error:
        arrived = f"amount={printable(amount)!r}, currency={printable(currency)!r}"
        raise FieldUnusable(arrived=arrived[:120], expected=str(error)) from None
