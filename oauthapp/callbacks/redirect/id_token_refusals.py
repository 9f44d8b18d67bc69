"""Why an id_token is not believed: one class a reason, in the order of the checks."""

from oauthapp.callbacks.redirect.refusals import AnswerRefused


class IdTokenRefused(AnswerRefused):
    """What the provider says about the user cannot be believed."""

    code = "id_token_malformed"
    expected = "a signed JWT with a JSON object of claims (OIDC Core §2)"


class AlgorithmNotPinned(IdTokenRefused):
    """The id_token is signed with another algorithm than agreed."""

    code = "id_token_alg"
    cause = "The algorithm is configured here; a token must not choose its own."


class HeaderNotUnderstood(IdTokenRefused):
    """The id_token demands a feature that this app does not have."""

    code = "id_token_crit"
    expected = "no `crit` header (RFC 7515 §4.1.11)"


class KeyUnknown(IdTokenRefused):
    """The id_token is signed with a key that the provider does not publish."""

    code = "id_token_kid"


class SignatureInvalid(IdTokenRefused):
    """The signature of the id_token is wrong."""

    code = "id_token_signature"
    expected = "a signature made with the provider's published key"


class IssuerWrong(IdTokenRefused):
    """The id_token was issued by somebody else."""

    code = "id_token_iss"


class AudienceWrong(IdTokenRefused):
    """The id_token is meant for another application."""

    code = "id_token_aud"
    cause = "A token made for another app, or for several, was passed on to us."


class AuthorizedPartyWrong(IdTokenRefused):
    """The id_token was issued to another party."""

    code = "id_token_azp"


class TokenExpired(IdTokenRefused):
    """The id_token has expired or carries no valid `exp`."""

    code = "id_token_exp"
    cause = "It is an old token, or one of the two clocks is wrong."


class IssuedInFuture(IdTokenRefused):
    """The id_token comes from the future or carries no valid `iat`."""

    code = "id_token_iat"
    cause = "One of the two clocks is wrong."


class NotYetValid(IdTokenRefused):
    """The id_token is not valid yet."""

    code = "id_token_nbf"
    cause = "One of the two clocks is wrong."


class NonceWrong(IdTokenRefused):
    """The id_token belongs to another login."""

    code = "id_token_nonce"
    expected = "the nonce that this app sent with this login"
    cause = "A code or token of another login was slipped into yours."


class AccessTokenHashWrong(IdTokenRefused):
    """The access token and the id_token do not belong together."""

    code = "id_token_at_hash"
    expected = "the hash of this access token (OIDC Core §3.1.3.6)"


class SubjectMissing(IdTokenRefused):
    """The id_token does not say who signed in."""

    code = "id_token_sub"
    expected = "sub: 1 to 255 printable ASCII characters (OIDC Core §2)"


class SubjectMismatch(IdTokenRefused):
    """Userinfo speaks of another user than the id_token."""

    code = "userinfo_sub"
    expected = "the same sub in both (OIDC Core §5.3.2)"
