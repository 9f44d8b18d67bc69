"""Why an order is refused: it comes from elsewhere, or cannot be understood."""

from oauthapp.errors import Refused


class OrderRefused(Refused):
    """This order is refused."""

    code = "order_refused"


class ForeignHost(OrderRefused):
    """The order was sent to another host name than ours."""

    code = "order_host"
    status = 403
    cause = (
        "A name of somebody else's that points to this machine would let their pages "
        "give us orders (DNS rebinding)."
    )
    remedy = "Use the very address that this party was started with."


class CrossSite(OrderRefused):
    """The order comes from a page of another site."""

    code = "order_cross_site"
    status = 403
    expected = "a program, or a page of this very origin"
    cause = "A page in your browser tried to make this party misbehave."
    remedy = "Send the order from a test or from the command line."


class OrderNotJson(OrderRefused):
    """This is not announced as JSON."""

    code = "order_not_json"
    status = 415
    expected = "Content-Type: application/json"
    cause = "A form can be sent by any page; JSON needs our permission first (CORS)."


class OrderMalformed(OrderRefused):
    """This is no order."""

    code = "order_malformed"
    expected = '{"name": "token_500", "times": 1, "for": ""}, the name alone is needed'


class FaultUnknown(OrderRefused):
    """No fault of this name can be armed here."""

    code = "fault_unknown"
    status = 404
    cause = "It is misspelled, or somebody else's: a browser's faults are played."
    remedy = "GET /control/faults lists what can be armed at this party, and its rule."
