"""How the news of a payment is spoiled: from the name of a fault to what it does."""

from collections.abc import Callable
from collections.abc import Mapping

from oauthapp.control.taking import take_from
from oauthapp.services import ProviderServices

News = Mapping[str, object]


def spoiled_news(services: ProviderServices, client_id: str, good: News) -> News:
    """What the shop is told, or what a fault makes of it."""
    spoil = take_from(services, NEWS, target=client_id)
    return spoil(good) if spoil else good


def _of_a_cent(good: News) -> News:
    return {**good, "amount": 1}


def _of_another_checkout(good: News) -> News:
    return {**good, "checkout": f"{good['checkout']}x"}


#: By the name of the fault.
NEWS: Mapping[str, Callable[[News], News]] = {
    "amount_altered": _of_a_cent,
    "checkout_altered": _of_another_checkout,
}
