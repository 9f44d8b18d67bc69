"""What is asked of a buyer's browser that comes back from paying."""

from typing import Final

from oauthapp.safeguards.safeguard import Safeguard

PAYMENT: Final[tuple[Safeguard, ...]] = (
    Safeguard(
        name="order_is_this_browsers",
        kind="redirect",
        title="The order was made in this browser",
        attack="Whoever learns the address could see what you have bought.",
        source="OWASP ASVS 5.0, 8.2.2",
        reason="order_unknown",
        always_on="Orders are looked up by the browser’s cookie; here is no other way "
        "to one.",
    ),
    Safeguard(
        name="return_settles_nothing",
        kind="redirect",
        title="Coming back settles nothing",
        attack="Open the return URL instead of paying, and the goods are yours.",
        source="https://docs.stripe.com/checkout/fulfillment",
        reason="settles_nothing",
        lets_go_on=True,
        reason_when_off="settled_by_return",
    ),
)
