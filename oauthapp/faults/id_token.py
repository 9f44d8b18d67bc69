"""What a provider can do wrong in an id_token: each is a check that must be there."""

from typing import Final

from oauthapp.faults.fault import Fault


def _fault(name: str, *, says: str, rule: str, outcome: str) -> Fault:
    return Fault(
        name=f"id_token_{name}",
        scenarios=("login",),
        kind="redirect",
        culprit="provider",
        says=f"The id_token {says}.",
        rule=rule,
        outcome=(outcome,),
    )


_ALG = "The algorithm is pinned, and never the token’s to choose (RFC 8725 §3.1)."
_ISS = "iss must be exactly the issuer (OIDC Core §3.1.3.7 no. 2)."
_AUD = "aud must be our client_id, and nobody else’s too (OIDC Core §3.1.3.7 no. 3)."
_EXP = "exp must be there and lie ahead (OIDC Core §3.1.3.7 no. 9)."
_IAT = "iat must be there and lie behind us (OIDC Core §2)."
_NONCE = "nonce must be the one that was sent (OIDC Core §3.1.3.7 no. 11)."
_SUB = "sub must be there, and say somebody (OIDC Core §2)."
_OWN_KEY = "A token must not bring its own key (RFC 8725 §3.10)."

ID_TOKEN_FAULTS: Final[tuple[Fault, ...]] = (
    _fault(
        "alg_none",
        says="is not signed, and says so: alg none",
        rule=_ALG,
        outcome="refused id_token_alg",
    ),
    _fault(
        "alg_hs256",
        says="is signed with HS256, keyed with the provider’s public key",
        rule=_ALG,
        outcome="refused id_token_alg",
    ),
    _fault(
        "signature_wrong",
        says="has a signature that does not fit",
        rule="The signature must fit a published key (OIDC Core §3.1.3.7 no. 6).",
        outcome="refused id_token_signature",
    ),
    _fault(
        "signature_missing",
        says="names RS256 in its header and has no signature",
        rule="The signature must fit a published key (OIDC Core §3.1.3.7 no. 6).",
        outcome="refused id_token_signature",
    ),
    _fault(
        "iss_wrong",
        says="was issued by somebody else",
        rule=_ISS,
        outcome="refused id_token_iss",
    ),
    _fault(
        "iss_missing",
        says="does not say who issued it",
        rule=_ISS,
        outcome="refused id_token_iss",
    ),
    _fault(
        "aud_wrong",
        says="is meant for another app",
        rule=_AUD,
        outcome="refused id_token_aud",
    ),
    _fault(
        "aud_missing",
        says="does not say whom it is meant for",
        rule=_AUD,
        outcome="refused id_token_aud",
    ),
    _fault(
        "aud_several",
        says="is meant for us and another app, without azp",
        rule=_AUD,
        outcome="refused id_token_aud",
    ),
    _fault(
        "aud_wrong_azp_right",
        says="is meant for another app, and names us as the one it was given to: azp",
        rule=_AUD,
        outcome="refused id_token_aud",
    ),
    _fault(
        "azp_wrong",
        says="was given to another app",
        rule="azp, where it is, must be our client_id (OIDC Core §3.1.3.7 no. 5).",
        outcome="refused id_token_azp",
    ),
    _fault(
        "exp_past",
        says="expired an hour ago",
        rule=_EXP,
        outcome="refused id_token_exp",
    ),
    _fault(
        "exp_missing",
        says="never expires",
        rule=_EXP,
        outcome="refused id_token_exp",
    ),
    _fault(
        "iat_future",
        says="is issued tomorrow",
        rule=_IAT,
        outcome="refused id_token_iat",
    ),
    _fault(
        "iat_missing",
        says="does not say when it was issued",
        rule=_IAT,
        outcome="refused id_token_iat",
    ),
    _fault(
        "nbf_future",
        says="is good from tomorrow on",
        rule="nbf, where it is, must lie behind us (RFC 7519 §4.1.5).",
        outcome="refused id_token_nbf",
    ),
    _fault(
        "nonce_wrong",
        says="belongs to another login",
        rule=_NONCE,
        outcome="refused id_token_nonce",
    ),
    _fault(
        "nonce_missing",
        says="does not say to which login it belongs",
        rule=_NONCE,
        outcome="refused id_token_nonce",
    ),
    _fault(
        "at_hash_wrong",
        says="came with another access token",
        rule="at_hash, where it is, must fit (OIDC Core §3.1.3.8).",
        outcome="refused id_token_at_hash",
    ),
    _fault(
        "sub_missing",
        says="does not say who signed in",
        rule=_SUB,
        outcome="refused id_token_sub",
    ),
    _fault(
        "sub_empty",
        says="says that nobody signed in",
        rule=_SUB,
        outcome="refused id_token_sub",
    ),
    _fault(
        "kid_unknown",
        says="is signed with a key that is not published",
        rule="Look at the published keys once more, then refuse (OIDC Core §10.1.1).",
        outcome="refused id_token_kid",
    ),
    _fault(
        "key_rotated",
        says="is signed with a key that is new since the last login",
        rule="Look at the published keys once more (OIDC Core §10.1.1).",
        outcome="accepted",
    ),
    _fault(
        "jwk_injected",
        says="brings its own key in its header: jwk",
        rule=_OWN_KEY,
        outcome="refused id_token_signature",
    ),
    _fault(
        "jku_injected",
        says="says in its header where its key is to be had: jku",
        rule=_OWN_KEY,
        outcome="refused id_token_signature",
    ),
    _fault(
        "crit_unknown",
        says="demands a feature that nobody knows: crit",
        rule="What is in crit and not understood is refused (RFC 7515 §4.1.11).",
        outcome="refused id_token_crit",
    ),
)
