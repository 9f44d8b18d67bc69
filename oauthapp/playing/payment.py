"""A payment, played: somebody buys, pays, and comes back, or does not."""

from collections.abc import Callable
from collections.abc import Mapping

from oauthapp.faults import Fault
from oauthapp.playing.stage import Stage
from oauthapp.recorder.call import Call
from oauthapp.recorder.call import Verdict
from oauthapp.recorder.step import path_of
from oauthapp.visitor import Visitor

#: The buttons on the provider's payment page.
PAY = ("decision", "pay")
CANCEL = ("decision", "cancel")
#: Where the app lets buyers come back to.
RETURN = "/orders/return"


def play(stage: Stage, fault: Fault | None = None) -> None:
    """Buy the one article there is, and pay for it, in the way that goes wrong."""
    if fault is not None and fault.party is not None:
        stage.arm(fault)
    before = stage.arrivals.count()
    WAYS.get(fault.name if fault else "", _pay)(stage, before)


def _pay(stage: Stage, before: int) -> None:
    _order(stage)
    stage.visitor.submit({}, button=PAY)
    _wait_for_webhook(stage, before)
    _wait_for_return(stage, before, "accepted")


def _cancel(stage: Stage, before: int) -> None:
    _order(stage)
    stage.visitor.submit({}, button=CANCEL)
    _wait_for_webhook(stage, before)


def _pay_and_close_the_browser(stage: Stage, before: int) -> None:
    _order(stage)
    stage.visitor.redirect_of({}, button=PAY)
    _wait_for_webhook(stage, before)


def _come_back_without_paying(stage: Stage, before: int) -> None:
    _order(stage)
    stage.visitor.open(_return_url(stage))
    _wait_for_return(stage, before, "accepted")


def _let_a_stranger_come_back(stage: Stage, before: int) -> None:
    _order(stage)
    url = _return_url(stage)
    stage.visitor.submit({}, button=PAY)
    _wait_for_webhook(stage, before)
    stranger = Visitor()
    stranger.open(url)
    stranger.close()
    _wait_for_return(stage, before, "refused")


def _pay_and_look_again(stage: Stage, before: int) -> None:
    """The order's page says that it waits, and later that it is paid."""
    _pay(stage, before)
    assert stage.visitor.page is not None  # the order's
    stage.visitor.open(stage.visitor.page.url)


def _order(stage: Stage) -> None:
    """Press the shop's button: the payment page is open then."""
    stage.visitor.open(f"{stage.app_url}/orders")
    stage.visitor.submit({})


def _return_url(stage: Stage) -> str:
    """Anybody can put it together: it is a constant, and the checkout's name."""
    assert stage.visitor.page is not None  # the payment page
    checkout = path_of(stage.visitor.page.url).rpartition("/")[2]
    return f"{stage.app_url}{RETURN}?checkout={checkout}"


def _wait_for_webhook(stage: Stage, before: int) -> None:
    """Until this payment's own has come, and not one of somebody else's."""
    opened = stage.arrivals.wait_until(_opens_checkout, after=before)
    links = opened.links if opened else ()
    about = [link for link in links if link.startswith(("order:", "checkout:"))]
    stage.arrivals.wait_until(
        lambda call: (
            _came_to_app(call, "/webhooks/") and not call.links.isdisjoint(about)
        ),
        after=before,
    )


def _wait_for_return(stage: Stage, before: int, verdict: Verdict) -> None:
    """Until it is recorded, which is after the browser has its answer."""
    stage.arrivals.wait_until(
        lambda call: _came_to_app(call, RETURN) and call.verdict == verdict,
        after=before,
    )


def _opens_checkout(call: Call) -> bool:
    heard = (call.party, call.direction, call.method) == ("provider", "inbound", "POST")
    return heard and path_of(call.url) == "/checkout/sessions"


def _came_to_app(call: Call, path: str) -> bool:
    heard = (call.party, call.direction) == ("app", "inbound")
    return heard and path_of(call.url).startswith(path)


#: What is played for each fault; the others pay, and something is armed elsewhere.
WAYS: Mapping[str, Callable[[Stage, int], None]] = {
    "payment_canceled": _cancel,
    "browser_closed": _pay_and_close_the_browser,
    "return_forged": _come_back_without_paying,
    "return_of_a_stranger": _let_a_stranger_come_back,
    "webhook_late": _pay_and_look_again,
}
