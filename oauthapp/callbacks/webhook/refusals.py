"""Why a message is refused: one class a reason, in the order in which they are met.

What would have been right is the scheme's to say, where it depends on that.

UnknownSource             404, this URL is nobody's
MessageRefused            400 malformed, 401 not theirs or not now, 413, 415
├── EventMalformed        422, theirs, but no event
├── DataUnusable          met after the answer: the message is kept as dead
└── PaymentRefused        likewise
InboxFull                 503, to be sent again: it was not kept
"""

from oauthapp.errors import Full
from oauthapp.errors import NotFound
from oauthapp.errors import Refused


class UnknownSource(NotFound):
    """We know no sender of this name."""

    code = "unknown_source"
    cause = "The name at the end of the URL is not one of the configured webhooks."
    remedy = "Add [app.webhooks.<name>] to the settings, or correct the URL."


class InboxFull(Full):
    """Too many messages wait to be processed; this one was not kept."""

    code = "inbox_full"
    cause = "The worker is not running, or messages come faster than it works."
    remedy = "Send it again later: a retry schedule does so by itself."


class MessageRefused(Refused):
    """This webhook message is refused."""

    code = "message_refused"


class NotJson(MessageRefused):
    """This is not announced as JSON."""

    code = "not_json"
    status = 415
    expected = "Content-Type: application/json"
    cause = "A form or a page was sent: perhaps a redirect callback that went astray."
    remedy = "Send the event as JSON and say so in Content-Type."


class BodyTooLarge(MessageRefused):
    """The body is larger than we read."""

    code = "body_too_large"
    status = 413
    remedy = "Send what changed and where to fetch the rest, not all of it."


class HeaderMissing(MessageRefused):
    """A header of the signature scheme is missing."""

    code = "header_missing"
    cause = "The sender does not sign, or a proxy on the way removed headers."
    remedy = "Let the sender sign, proxies pass its headers, and `scheme` name its way."


class MessageIdMalformed(MessageRefused):
    """The message id cannot be one."""

    code = "message_id_malformed"
    cause = 'A "." would let parts of id, time and body change places unnoticed.'
    remedy = "Let the sender make its ids of letters, digits, - and _."


class TimestampMalformed(MessageRefused):
    """The timestamp is no time in whole seconds."""

    code = "timestamp_malformed"
    cause = "The sender wrote milliseconds, a fraction, a sign or a date."
    remedy = "Let the sender write whole unix seconds."


class SignatureMalformed(MessageRefused):
    """No signature in the header can be read."""

    code = "signature_malformed"
    cause = "It is spelled in another way (base64, hexadecimal), or was cut off."
    remedy = "Let the sender write it just so, and check that `scheme` is its scheme."


class SignatureVersionUnknown(MessageRefused):
    """No signature is of a version we can check."""

    code = "signature_version_unknown"
    status = 401
    cause = "The sender signs in another way than our secrets are for."
    remedy = "Agree on a way, and write the secret or public key that belongs to it."


class SignatureMismatch(MessageRefused):
    """No signature fits this message and our secrets."""

    code = "signature_mismatch"
    status = 401
    cause = (
        "Body or headers were altered on the way (a proxy that reformats JSON is "
        "enough), the secrets differ, or somebody else sent it."
    )
    remedy = "Compare the secrets of both sides, and sign the very bytes that are sent."


class TimestampTooOld(MessageRefused):
    """The message was signed too long ago."""

    code = "timestamp_too_old"
    status = 401
    expected = "a timestamp at most 300 s before our clock"
    cause = "It is a replay, it was held up on the way, or a clock is wrong."
    remedy = "Sign each attempt anew, and set both clocks by NTP."


class TimestampInFuture(MessageRefused):
    """The message was signed in the future."""

    code = "timestamp_in_future"
    status = 401
    expected = "a timestamp at most 300 s after our clock"
    cause = "One of the two clocks is wrong, or the sender wrote milliseconds."
    remedy = "Set both clocks by NTP."


class EventMalformed(MessageRefused):
    """The message is authentic, but no event."""

    code = "event_malformed"
    status = 422
    expected = 'JSON: {"type": "…", "timestamp": "…", "data": {…}}'
    cause = "The sender speaks another schema than the one agreed upon."
    remedy = "Let the sender write events of the agreed schema."


class DataUnusable(MessageRefused):
    """The event's data lacks what its type promises."""

    code = "data_unusable"
    status = 422
    cause = "The sender's idea of this event type differs from ours."
    remedy = "Correct the sender; this message stays with us as dead."


class PaymentRefused(MessageRefused):
    """This news of a payment settles nothing."""

    code = "payment_refused"
    status = 422
    remedy = "Look the payment up at the provider; this message stays with us as dead."


class NewsOfNoOrder(PaymentRefused):
    """The payment is for an order that we do not have."""

    code = "news_of_no_order"
    cause = "Another app shares this endpoint, or the order was never kept."


class SourceMismatch(PaymentRefused):
    """The payment is told by somebody who takes none for us."""

    code = "source_mismatch"
    cause = "Whoever can send us webhooks could otherwise settle any order."


class CheckoutMismatch(PaymentRefused):
    """The payment belongs to another checkout than the order."""

    code = "checkout_mismatch"
    cause = "Somebody paid a checkout of their own and named an order of ours."


class AmountMismatch(PaymentRefused):
    """The payment is not the amount that the order costs."""

    code = "amount_mismatch"
    cause = "Less was paid, in another currency, or for another price than ours."
