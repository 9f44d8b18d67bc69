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


class FaultUnknown(OrderRefused):
    """No fault of this name can be armed here."""

    code = "fault_unknown"
    status = 404
    cause = "It is misspelled, or somebody else's: a browser's faults are played."
    remedy = "GET /control/faults lists what can be armed at this party, and its rule."


class FaultForNobody(OrderRefused):
    """This fault cannot be meant for one client or endpoint alone."""

    code = "fault_for_nobody"
    expected = 'no "for"'
    cause = "Where it happens nobody says who calls: metadata are for anybody."
    remedy = "Arm it for any: the next one who asks is dealt with so."


class UserNotThere(OrderRefused):
    """Nobody of this name can sign in here."""

    code = "order_user_unknown"
    status = 404
    remedy = "GET /control/users lists who can; POST adds somebody."


class ClientNotThere(OrderRefused):
    """No client of this name is registered here."""

    code = "order_client_unknown"
    status = 404
    remedy = "GET /control/clients lists those that are; POST registers one."


class ClockFixed(OrderRefused):
    """This party goes by the machine's clock, which is not ours to move."""

    code = "order_clock_fixed"
    status = 409
    cause = "It was started from a file; others may keep the same time as it does."
    remedy = "Start the provider with flags alone: oauthapp provider --control."
