"""Why a security event token is refused: one class a reason, in the order met.

`err` is what the transmitter is told (RFC 8935 §2.4), `code` what everybody else is.
"""

from typing import ClassVar

from oauthapp.errors import Refused


class EventRefused(Refused):
    """This security event token is refused."""

    code = "event_token_refused"
    err: ClassVar[str] = "invalid_request"


class NotAnEventToken(EventRefused):
    """This is not announced as a security event token."""

    code = "event_token_content_type"
    expected = "Content-Type: application/secevent+jwt"


class EventNotSigned(EventRefused):
    """The security event token was not signed by the provider."""

    code = "event_token_signature"
    err = "invalid_key"
    expected = "a JWT signed with the provider's published key and the agreed algorithm"


class TypeWrong(EventRefused):
    """The token does not say that it is a security event token."""

    code = "event_token_typ"
    expected = 'the header "typ": "secevent+jwt" (RFC 8417 §2.3)'
    cause = "Another token of the same provider, such as an id_token, is passed off."


class IssuerWrong(EventRefused):
    """The security event token was issued by somebody else."""

    code = "event_token_iss"
    err = "invalid_issuer"


class AudienceWrong(EventRefused):
    """The security event token is meant for another application."""

    code = "event_token_aud"
    err = "invalid_audience"


class IssuedAtWrong(EventRefused):
    """The security event token comes from the future or carries no valid `iat`."""

    code = "event_token_iat"


class IdMissing(EventRefused):
    """The security event token has no id of its own."""

    code = "event_token_jti"
    expected = "jti, as printable text of 1 to 255 characters"


class NoEvent(EventRefused):
    """The token tells of no event."""

    code = "event_token_events"
    expected = "events: an object with a member for each event, itself an object"
