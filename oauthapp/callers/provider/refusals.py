"""Why the provider refuses: on a page of its own, or by an answer to the client.

RequestRefused        400, told to the user: there is no redirect URI to trust
RequestTooLarge       413, likewise, at any redirect URI
AuthorizationError    told to the client, at its checked redirect URI
BearerRefused         401 or 403, told to whoever calls userinfo
TooMany…              429, guesses and registrations of one address
RequestsFull          503, likewise PushedFull and RegistrationsFull
"""

from collections.abc import Iterable

from oauthapp.allowlist import first_difference
from oauthapp.allowlist import nearest
from oauthapp.callers.provider.parameters import printable
from oauthapp.errors import Full
from oauthapp.errors import Refused
from oauthapp.errors import TooMany


class RequestRefused(Refused):
    """This request cannot be answered to the application that sent you."""

    code = "request_refused"
    remedy = (
        "Go back to the application and start again. If it happens again, tell "
        "whoever runs that application what this page says."
    )


class ParameterRepeated(RequestRefused):
    """A parameter came more than once, so it is not clear which one is meant."""

    code = "parameter_repeated"
    expected = "each parameter at most once (RFC 6749 §3.1)"


class ClientUnknown(RequestRefused):
    """No application with this client_id is registered here."""

    code = "client_unknown"
    expected = "one client_id that is registered at this provider"


class RedirectUriMissing(RequestRefused):
    """The application did not say where to send you back to."""

    code = "redirect_uri_missing"
    expected = "exactly one redirect_uri (RFC 9700 §4.1.3)"


class UriUnknown(RequestRefused):
    """The application asks to send you to an address it did not register."""

    def __init__(self, uri: str, registered: Iterable[str]) -> None:
        """:param uri: as sent; the nearest of `registered` is shown beside it."""
        arrived, expected = printable(uri), nearest(uri, registered)
        super().__init__(arrived=arrived, expected=expected or "none is registered")
        if expected is not None:
            self.difference = first_difference(arrived, expected)


class RedirectUriUnknown(UriUnknown):
    """The application asks to send you to an address it did not register."""

    code = "redirect_uri_unknown"
    cause = (
        "redirect_uri is compared character by character (RFC 9700 §2.1): another "
        "port, a slash at the end or localhost for 127.0.0.1 make it another one. "
        "Nothing was sent to that address."
    )


class RequestTooLarge(RequestRefused):
    """The application asks with more than can be kept while you sign in."""

    code = "request_too_large"
    status = 413
    cause = "A state that holds more than a reference to what the application knows."


class RequestUriUnknown(RequestRefused):
    """The application did not push this request, or it was used already."""

    code = "invalid_request_uri"
    expected = "a request_uri from /par, for this client_id, used once (RFC 9126 §4)"
    cause = "The page was reloaded, or it was opened later than the request_uri lives."


class InteractionUnknown(RequestRefused):
    """This sign-in page is no longer good."""

    code = "interaction_unknown"
    cause = (
        "It was used already (the back button, a second tab), it was left open too "
        "long, or it was opened in another browser than the one it was made for."
    )


class SignInRefused(Refused):
    """User name or password is wrong."""

    code = "sign_in_refused"
    status = 403


class TooManyWrongPasswords(TooMany):
    """Too many wrong passwords came from your address."""

    code = "too_many_wrong_passwords"


class TooManyWrongSecrets(TooMany):
    """Too many failed client authentications came from this address."""

    code = "too_many_wrong_secrets"


class TooManyRegistrations(TooMany):
    """Too many registrations came from this address."""

    code = "too_many_registrations"


class RegistrationsFull(Full):
    """There are as many registered clients as there may be."""

    code = "registrations_full"


class RequestsFull(Full):
    """Too many people are signing in just now."""

    code = "requests_full"
    cause = "Somebody opens very many sign-in pages and leaves them."
    remedy = "Try again in a few seconds: pages that were left open expire."


class PushedFull(Full):
    """Too many pushed requests wait for their browsers."""

    code = "pushed_full"


class LogoutUriUnknown(UriUnknown):
    """The application asks to send you, signed out, to an unregistered address."""

    code = "post_logout_redirect_uri_unknown"
    cause = "The address is compared character by character, like a redirect_uri."


class AuthorizationError(Exception):
    """An error answer for the client (RFC 6749 §4.1.2.1, OIDC Core §3.1.2.6)."""

    def __init__(self, error: str, description: str) -> None:
        """:param description: ASCII without quotes and backslashes."""
        super().__init__(f"{error}: {description}")
        self.error = error
        self.description = description


class BearerRefused(Refused):
    """This access token opens nothing here."""

    code = "invalid_token"
    status = 401
    expected = "an access token of this provider that has not expired"


class BearerMissing(BearerRefused):
    """Userinfo is told to the bearer of an access token only."""

    code = "token_missing"


class BearerTwice(BearerRefused):
    """The access token came in more than one way, or a parameter more than once."""

    code = "invalid_request"
    status = 400
    expected = "one token, in the Authorization header or the form (RFC 6750 §2, §3.1)"


class ScopeInsufficient(BearerRefused):
    """This access token was not given for userinfo."""

    code = "insufficient_scope"
    status = 403
    expected = "scope openid"
