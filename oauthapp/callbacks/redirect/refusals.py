"""Why a login does not go through: one class a reason, in the order of the checks.

AnswerRefused             400, the answer a browser brought
├── IdTokenRefused        400, what the provider says about the user
TooManyLogins             429, one address begins too many
LoginsFull                503, too many were begun and not finished
ProviderFailed            502, the provider did not do its part
└── ProviderTimedOut      504
"""

from oauthapp.errors import CallFailed
from oauthapp.errors import Full
from oauthapp.errors import NotFound
from oauthapp.errors import Refused
from oauthapp.errors import TooMany

_START_AGAIN = "Start again: go to the front page and sign in."


class AnswerRefused(Refused):
    """This answer to a login is refused."""

    remedy = _START_AGAIN


class UnknownProvider(NotFound):
    """No provider of this name is configured."""

    code = "unknown_provider"
    remedy = "Check the address; the front page lists the providers there are."


class TooManyLogins(TooMany):
    """Too many logins were begun from your address in a short time."""

    code = "too_many_logins"
    cause = (
        "A program begins logins and does not finish them, or many people share one "
        "address: then whoever runs this app can raise app.limits.logins."
    )
    remedy = "Wait, then sign in again."


class LoginsFull(Full):
    """Too many logins are under way; yours was not begun."""

    code = "logins_full"
    cause = "Somebody begins very many logins and does not finish them."
    remedy = "Try again in a few seconds: those that were left open expire."


class HostMismatch(AnswerRefused):
    """The answer came to another host name than the login started on."""

    code = "host_mismatch"
    cause = (
        "localhost and 127.0.0.1 are different hosts to a browser, even on one "
        "machine: cookies set on one stay behind on the other."
    )


class DuplicateParameter(AnswerRefused):
    """A parameter came more than once."""

    code = "duplicate_parameter"
    expected = "each parameter once (RFC 6749 §3.1)"
    cause = "Somebody added a second value, hoping we check one and use the other."


class StateMissing(AnswerRefused):
    """The answer carries no state."""

    code = "state_missing"
    expected = "the state that this app sent with the login"
    cause = (
        "The address was opened by hand or from another site, or the provider lost "
        "the state. Without it nothing shows that you asked for this login."
    )


class StateForged(AnswerRefused):
    """The state was not made by this app."""

    code = "state_forged"
    expected = "a state signed by this app, character for character"
    cause = (
        "It was altered on its way, invented, or signed before the app's secret_key "
        "was changed."
    )


class StateUnknown(AnswerRefused):
    """This state was used before, or has been forgotten."""

    code = "state_unknown"
    expected = "a login that was begun and has not come back yet"
    cause = (
        "The callback was opened twice: by reload, the back button, a second tab or "
        "somebody who copied the address. Each state is good for one answer."
    )


class StateOfAnotherBrowser(AnswerRefused):
    """This login was begun in another browser."""

    code = "state_of_another_browser"
    expected = "the cookie that was set in this browser when the login began"
    cause = (
        "Somebody sent you the end of their own login (login CSRF), cookies are "
        "blocked, or the login began on another host: localhost and 127.0.0.1 are "
        "different hosts, so the cookie stayed behind."
    )


class StateOfAnotherProvider(AnswerRefused):
    """This login was begun at another provider."""

    code = "state_of_another_provider"
    cause = (
        "One provider's answer was carried to another one's redirect URI, as in the "
        "mix-up attack (RFC 9700 §4.4)."
    )


class LoginExpired(AnswerRefused):
    """The login took too long."""

    code = "login_expired"
    cause = "The sign-in page was left open longer than a pending login lives."


class IssMissing(AnswerRefused):
    """The answer does not say which provider it comes from."""

    code = "iss_missing"
    cause = (
        "The provider advertises the iss parameter but this answer has none, so "
        "another provider may have made it (RFC 9207 §2.4)."
    )


class IssMismatch(AnswerRefused):
    """The answer comes from another provider than the one that was asked."""

    code = "iss_mismatch"
    cause = "Mix-up: an answer of one provider given out as another's (RFC 9207)."


class ProviderSaidNo(AnswerRefused):
    """The provider did not let the login through."""

    code = "provider_said_no"
    expected = "an authorization code"
    cause = (
        "access_denied means that you, or a rule of the provider, said no. Any other "
        "error is about the request that this app made."
    )
    remedy = "To try once more, go to the front page and sign in."


class CodeMissing(AnswerRefused):
    """The answer carries no authorization code."""

    code = "code_missing"
    expected = "code or error (RFC 6749 §4.1.2)"


class CodeRefused(AnswerRefused):
    """The provider does not accept this authorization code."""

    code = "code_refused"
    expected = "tokens in exchange for the code"
    cause = (
        "The code was used before, is older than the provider allows, or was given "
        "to another login: it is bound to our code_verifier (PKCE)."
    )


class ProviderFailed(CallFailed):
    """The provider gave no usable answer."""

    code = "provider_failed"
    cause = "It is down, misconfigured, or something between us answers for it."
    remedy = "Try again in a minute. If it stays so, tell whoever runs the provider."


class ProviderTimedOut(ProviderFailed):
    """The provider did not answer in time."""

    code = "provider_timed_out"
    status = 504


class MetadataWrong(ProviderFailed):
    """The provider describes itself wrongly."""

    code = "metadata_wrong"
    cause = "Its discovery document names another issuer or lacks what we need."


class ExchangeRefused(ProviderFailed):
    """The provider does not let this app redeem codes."""

    code = "exchange_refused"
    expected = "tokens in exchange for the code"
    cause = "client_id, client_secret or redirect_uri differ from what it has on file."
    remedy = "Compare this app's settings with its registration at the provider."
