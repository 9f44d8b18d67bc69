"""Why a logout token is not obeyed: one class a reason, in the order of the checks."""

from oauthapp.errors import Refused


class LogoutRefused(Refused):
    """This logout token is refused."""

    code = "logout_token_refused"
    remedy = "Send another token; nobody was signed out."


class LogoutTokenMissing(LogoutRefused):
    """There is no logout token in the form."""

    code = "logout_token_missing"
    expected = "one logout_token, form-encoded (OIDC Back-Channel Logout §2.5)"


class NotSigned(LogoutRefused):
    """The logout token was not signed by the provider."""

    code = "logout_token_signature"
    expected = "a JWT signed with the provider's published key and the agreed algorithm"


class IssuerWrong(LogoutRefused):
    """The logout token was issued by somebody else."""

    code = "logout_token_iss"


class AudienceWrong(LogoutRefused):
    """The logout token is meant for another application."""

    code = "logout_token_aud"


class IssuedAtWrong(LogoutRefused):
    """The logout token comes from the future or carries no valid `iat`."""

    code = "logout_token_iat"


class Expired(LogoutRefused):
    """The logout token has expired or carries no valid `exp`."""

    code = "logout_token_exp"


class NotALogout(LogoutRefused):
    """The token does not say that it is about a logout."""

    code = "logout_token_events"
    expected = (
        "events with the member http://schemas.openid.net/event/backchannel-logout"
    )


class NobodyNamed(LogoutRefused):
    """The logout token names neither a session nor a user."""

    code = "logout_token_sub_sid"
    expected = "sid, sub or both, as printable text"


class NonceForbidden(LogoutRefused):
    """The token carries a nonce, so it may be an id_token."""

    code = "logout_token_nonce"
    expected = "no nonce (OIDC Back-Channel Logout §2.4)"
    cause = "An id_token that leaked is passed off as a logout token."


class IdMissing(LogoutRefused):
    """The logout token has no id of its own."""

    code = "logout_token_jti"
    expected = "jti, as printable text of 1 to 255 characters"


class Replayed(LogoutRefused):
    """This logout token was obeyed before."""

    code = "logout_token_replayed"
    expected = "a jti that has not come before"
