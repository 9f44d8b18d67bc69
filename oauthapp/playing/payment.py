"""A payment, played: somebody buys, pays, and comes back, or does not."""

from collections.abc import Callable
from collections.abc import Mapping

from oauthapp.faults import Fault
from oauthapp.playing.stage import Stage
from oauthapp.recorder.call import Call
from oauthapp.recorder.step import path_of
from oauthapp.visitor import Visitor

#: The buttons on the provider's payment page.
PAY = ("decision", "pay")
CANCEL = ("decision", "cancel")


def play(stage: Stage, fault: Fault | None = None) -> None:
    """Buy the one article there is, and pay for it, in the way that goes wrong."""
    WAYS.get(fault.name if fault else "", _arm_and_pay)(stage, fault)


def _arm_and_pay(stage: Stage, fault: Fault | None) -> None:
    if fault is not None:
        stage.arm(fault)
    _pay(stage, fault)


def _pay(stage: Stage, _fault: Fault | None, button: tuple[str, str] = PAY) -> None:
    before = stage.arrivals.count()
    _order(stage)
    stage.visitor.submit({}, button=button)
    _wait_for_webhook(stage, before)


def _cancel(stage: Stage, fault: Fault | None) -> None:
    _pay(stage, fault, CANCEL)


def _pay_and_close_the_browser(stage: Stage, _fault: Fault | None) -> None:
    before = stage.arrivals.count()
    _order(stage)
    stage.visitor.redirect_of({}, button=PAY)
    _wait_for_webhook(stage, before)


def _come_back_without_paying(stage: Stage, _fault: Fault | None) -> None:
    _order(stage)
    stage.visitor.open(_return_url(stage))


def _let_a_stranger_come_back(stage: Stage, _fault: Fault | None) -> None:
    before = stage.arrivals.count()
    _order(stage)
    url = _return_url(stage)
    stage.visitor.submit({}, button=PAY)
    _wait_for_webhook(stage, before)
    stranger = Visitor()
    stranger.open(url)
    stranger.close()


def _order(stage: Stage) -> None:
    """Press the shop's button: the payment page is open then."""
    stage.visitor.open(f"{stage.app_url}/orders")
    stage.visitor.submit({})


def _return_url(stage: Stage) -> str:
    """Anybody can put it together: it is a constant, and the checkout's name."""
    assert stage.visitor.page is not None  # the payment page
    checkout = path_of(stage.visitor.page.url).rpartition("/")[2]
    return f"{stage.app_url}/orders/return?checkout={checkout}"


def _wait_for_webhook(stage: Stage, after: int) -> None:
    """Until this payment's own has come, and not one of somebody else's."""
    page = stage.arrivals.wait_until(_is_payment_page, after=after)
    about = (
        {link for link in page.links if link.startswith("checkout:")} if page else ()
    )
    stage.arrivals.wait_until(
        lambda call: _is_webhook(call) and not call.links.isdisjoint(about), after=after
    )


def _is_payment_page(call: Call) -> bool:
    heard = (call.party, call.direction, call.method) == ("provider", "inbound", "GET")
    return heard and path_of(call.url).startswith("/checkout/")


def _is_webhook(call: Call) -> bool:
    heard = (call.party, call.direction) == ("app", "inbound")
    return heard and path_of(call.url).startswith("/webhooks/")


#: What is played for each fault of the browser; the others are armed elsewhere.
WAYS: Mapping[str, Callable[[Stage, Fault | None], None]] = {
    "": _pay,
    "payment_canceled": _cancel,
    "browser_closed": _pay_and_close_the_browser,
    "return_forged": _come_back_without_paying,
    "return_of_a_stranger": _let_a_stranger_come_back,
}
