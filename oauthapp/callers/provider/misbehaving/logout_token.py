"""How a logout token is spoiled: the twin of `id_token.py`."""

from collections.abc import Mapping

from oauthapp.callers.provider.misbehaving.answers import ELSEWHERE
from oauthapp.callers.provider.misbehaving.token import DAY
from oauthapp.callers.provider.misbehaving.token import HOUR
from oauthapp.callers.provider.misbehaving.token import Draft
from oauthapp.callers.provider.misbehaving.token import Spoiler
from oauthapp.callers.provider.misbehaving.token import alg_none
from oauthapp.callers.provider.misbehaving.token import by_an_impostor
from oauthapp.callers.provider.misbehaving.token import claiming
from oauthapp.callers.provider.misbehaving.token import shifted
from oauthapp.callers.provider.misbehaving.token import silent_on
from oauthapp.control.taking import take_from

#: Not in the table, since the token is good: it is sent once more.
REPLAYED = "logout_token_replayed"


def spoiled_logout_token(draft: Draft) -> str | None:
    """What a fault makes of a logout token; None when nothing is to go wrong."""
    spoil = take_from(draft.services, LOGOUT_TOKENS, target=draft.claims["aud"])
    return spoil(draft) if spoil else None


#: By the name of the fault.
LOGOUT_TOKENS: Mapping[str, Spoiler] = {
    "logout_token_alg_none": alg_none,
    "logout_token_signature_wrong": by_an_impostor(lambda _: {}),
    "logout_token_iss_wrong": claiming(iss=ELSEWHERE),
    "logout_token_aud_wrong": claiming(aud="another-client"),
    "logout_token_iat_future": shifted("iat", DAY),
    "logout_token_exp_past": shifted("exp", -HOUR),
    "logout_token_events_missing": silent_on("events"),
    "logout_token_names_nobody": silent_on("sub", "sid"),
    "logout_token_nonce": claiming(nonce="the-nonce-of-a-login"),
    "logout_token_jti_missing": silent_on("jti"),
}
