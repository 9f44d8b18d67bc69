"""What is asked of a message that was believed before it settles an order."""

from typing import Final

from oauthapp.safeguards.safeguard import Safeguard

_LATER = (
    "It is asked after the call was answered, so no call shows it; the order’s page "
    "does."
)
_COMPARE = "https://docs.stripe.com/checkout/fulfillment"

NEWS: Final[tuple[Safeguard, ...]] = (
    Safeguard(
        name="order_is_ours",
        kind="webhook",
        title="The order is one of ours",
        attack="None: there is nothing to settle.",
        source=_COMPARE,
        reason="news_of_no_order",
        always_on=_LATER,
    ),
    Safeguard(
        name="source_may_settle_it",
        kind="webhook",
        title="The sender is the one who takes payments for us",
        attack="Whoever may send us any webhook could settle any order.",
        source=_COMPARE,
        reason="source_mismatch",
        always_on=_LATER,
    ),
    Safeguard(
        name="checkout_is_the_orders",
        kind="webhook",
        title="The checkout is the one that this order was given",
        attack="A small payment of somebody’s own would settle a stranger’s order.",
        source=_COMPARE,
        reason="checkout_mismatch",
        always_on=_LATER,
    ),
    Safeguard(
        name="amount_is_what_we_asked",
        kind="webhook",
        title="The amount is the price",
        attack="One cent would buy anything.",
        source=_COMPARE,
        reason="amount_mismatch",
        always_on=_LATER,
    ),
)
