"""What can go wrong with a payment, beside what goes wrong with any webhook."""

from typing import Final

from oauthapp.faults.fault import Fault

_SETTLES_NOTHING = "A return URL proves nothing, so it settles nothing"

PAYMENT_FAULTS: Final[tuple[Fault, ...]] = (
    Fault(
        name="return_forged",
        scenarios=("payment",),
        kind="redirect",
        culprit="browser",
        says="The buyer opens the return URL without having paid.",
        rule=f"{_SETTLES_NOTHING}: the order stays unpaid, since no webhook comes.",
        outcome=("accepted settles_nothing",),
    ),
    Fault(
        name="return_of_a_stranger",
        scenarios=("payment",),
        kind="redirect",
        culprit="browser",
        says="Somebody else opens the return URL that a buyer came back by.",
        rule="An order is shown in the browser that made it, and in no other.",
        outcome=("accepted settles_nothing", "refused order_unknown"),
    ),
    Fault(
        name="payment_canceled",
        scenarios=("payment",),
        kind="webhook",
        culprit="browser",
        says="The buyer cancels. The browser comes back just as if they had paid.",
        rule=f"{_SETTLES_NOTHING}: only the webhook says what became of the payment.",
        outcome=("accepted",),
    ),
    Fault(
        name="amount_altered",
        scenarios=("payment",),
        kind="webhook",
        culprit="provider",
        says="The provider says, and signs, that one cent was paid.",
        rule="What was paid is compared with the order: the message is kept, as dead, "
        "and settles nothing.",
        outcome=("accepted",),
    ),
    Fault(
        name="checkout_altered",
        scenarios=("payment",),
        kind="webhook",
        culprit="provider",
        says="The provider tells of another checkout than the order was given.",
        rule="Else somebody’s own small payment could settle a stranger’s order.",
        outcome=("accepted",),
    ),
    Fault(
        name="webhook_late",
        scenarios=("payment", "login"),
        kind="webhook",
        culprit="sender",
        says="The webhook comes later than the browser.",
        rule="Which of the two comes first decides nothing: the page says that it "
        "waits, and the webhook does its work whenever it comes.",
        outcome=("accepted",),
    ),
)
