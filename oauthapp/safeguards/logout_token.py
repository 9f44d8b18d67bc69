"""What is asked of the token with which a provider signs somebody out."""

from typing import Final

from oauthapp.safeguards.safeguard import Safeguard

_LOGOUT = "OpenID Connect Back-Channel Logout 1.0"

LOGOUT_TOKEN: Final[tuple[Safeguard, ...]] = (
    Safeguard(
        name="logout_token.there_is_one",
        kind="webhook",
        title="There is one logout token",
        attack="None: there is nothing to obey.",
        source=f"{_LOGOUT} §2.5",
        reason="logout_token_missing",
        always_on="There would be nothing to look at.",
    ),
    Safeguard(
        name="logout_token.its_signature_holds",
        kind="webhook",
        title="The provider signed it",
        attack="Anybody could sign anybody out.",
        source=f"{_LOGOUT} §2.6",
        reason="logout_token_signature",
    ),
    Safeguard(
        name="logout_token.issued_by_the_provider",
        kind="webhook",
        title="The provider issued it",
        attack="One provider could sign out the users of another.",
        source=f"{_LOGOUT} §2.6",
        reason="logout_token_iss",
    ),
    Safeguard(
        name="logout_token.meant_for_us_alone",
        kind="webhook",
        title="It is meant for us alone",
        attack="Another app could pass on a token of its own.",
        source=f"{_LOGOUT} §2.6",
        reason="logout_token_aud",
    ),
    Safeguard(
        name="logout_token.not_issued_in_future",
        kind="webhook",
        title="It does not come from the future",
        attack="A token could be kept ready for whenever it is wanted.",
        source=f"{_LOGOUT} §2.6",
        reason="logout_token_iat",
    ),
    Safeguard(
        name="logout_token.not_expired",
        kind="webhook",
        title="It has not expired",
        attack="A token that leaked would sign people out for ever.",
        source=f"{_LOGOUT} §2.6",
        reason="logout_token_exp",
    ),
    Safeguard(
        name="logout_token.says_it_is_a_logout",
        kind="webhook",
        title="It says that it is about a logout",
        attack="Any token of the provider could be passed off as a logout.",
        source=f"{_LOGOUT} §2.6",
        reason="logout_token_events",
    ),
    Safeguard(
        name="logout_token.names_a_session_or_a_user",
        kind="webhook",
        title="It says whose session ends",
        attack="A token that names nobody would sign everybody out.",
        source=f"{_LOGOUT} §2.6",
        reason="logout_token_sub_sid",
    ),
    Safeguard(
        name="logout_token.carries_no_nonce",
        kind="webhook",
        title="It carries no nonce",
        attack="An id_token that leaked could be passed off as a logout.",
        source=f"{_LOGOUT} §2.4",
        reason="logout_token_nonce",
    ),
    Safeguard(
        name="logout_token.has_an_id",
        kind="webhook",
        title="It has an id of its own",
        attack="None: a token without one is not obeyed.",
        source=f"{_LOGOUT} §2.6",
        reason="logout_token_jti",
        always_on="Without an id nobody could tell one token from another.",
    ),
    Safeguard(
        name="logout_token.it_counts_once",
        kind="webhook",
        title="It is obeyed once",
        attack="Whoever overheard it could sign you out again after each login.",
        source=f"{_LOGOUT} §2.6",
        reason="logout_token_replayed",
    ),
)
