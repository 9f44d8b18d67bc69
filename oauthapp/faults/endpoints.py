"""What a provider can do wrong when the app itself calls it."""

from functools import partial
from typing import Final

from oauthapp.faults.fault import Fault


def _fault(
    name: str, *, says: str, rule: str, outcome: str, for_one: bool = True
) -> Fault:
    return Fault(
        name=name,
        scenarios=("login",),
        kind="redirect",
        culprit="provider",
        says=says,
        rule=rule,
        outcome=(outcome,),
        for_one=for_one,
    )


#: Anybody may ask for metadata, without a word of who it is.
_anybodys = partial(_fault, for_one=False)


_FAILED = "failed provider_failed"
_TOKENS = "Tokens come with 200, as a JSON object, and only so (RFC 6749 §5.1)."
_IN_TIME = "A call has an end, answer included: somebody waits for the page."
_ERROR = "An error of the token endpoint signs nobody in (RFC 6749 §5.2)."
_METADATA = "Metadata are used if they are this issuer’s and whole (Discovery §4.3)."

TOKEN_FAULTS: Final[tuple[Fault, ...]] = (
    _fault(
        "token_400",
        says="The token endpoint answers 400 invalid_request.",
        rule=_ERROR,
        outcome="failed exchange_refused",
    ),
    _fault(
        "token_401",
        says="The token endpoint answers 401 invalid_client.",
        rule=_ERROR,
        outcome="failed exchange_refused",
    ),
    _fault(
        "token_500",
        says="The token endpoint answers 500.",
        rule=_TOKENS,
        outcome=_FAILED,
    ),
    _fault(
        "token_503",
        says="The token endpoint answers 503 with Retry-After.",
        rule="The code is not sent again: the user begins anew (RFC 6749 §4.1.2).",
        outcome=_FAILED,
    ),
    _fault(
        "token_html",
        says="The token endpoint answers 200 with a web page.",
        rule=_TOKENS,
        outcome=_FAILED,
    ),
    _fault(
        "token_redirect",
        says="The token endpoint answers 307 to another address.",
        rule="Code and client_secret go to no other address (RFC 9700 §4.12).",
        outcome=_FAILED,
    ),
    _fault(
        "token_slow",
        says="The token endpoint takes longer than anybody waits.",
        rule=_IN_TIME,
        outcome="failed provider_timed_out",
    ),
    _fault(
        "token_hang",
        says="The token endpoint answers byte by byte, and comes to no end.",
        rule=_IN_TIME,
        outcome="failed provider_timed_out",
    ),
    _fault(
        "token_malformed",
        says="The token endpoint’s JSON breaks off.",
        rule=_TOKENS,
        outcome=_FAILED,
    ),
    _fault(
        "token_empty",
        says="The token endpoint answers 200 with nothing.",
        rule=_TOKENS,
        outcome=_FAILED,
    ),
    _fault(
        "token_huge",
        says="The token endpoint answers with several megabytes.",
        rule="An answer that is read has a largest size.",
        outcome=_FAILED,
    ),
    _fault(
        "token_without_id_token",
        says="The token endpoint answers without an id_token.",
        rule="An access token does not say who signed in (OIDC Core §3.1.3.3).",
        outcome="refused id_token_malformed",
    ),
    _fault(
        "token_without_access_token",
        says="The token endpoint answers without an access token.",
        rule=_TOKENS,
        outcome="refused id_token_malformed",
    ),
    _fault(
        "token_type_wrong",
        says="The token endpoint gives a token of a type nobody asked for.",
        rule="A token of an unknown type is not used (RFC 6749 §7.1).",
        outcome=_FAILED,
    ),
)

METADATA_FAULTS: Final[tuple[Fault, ...]] = (
    _anybodys(
        "discovery_issuer_wrong",
        says="The discovery document is another issuer’s.",
        rule=_METADATA,
        outcome="never",
    ),
    _anybodys(
        "discovery_endpoint_unencrypted",
        says="The discovery document names a token endpoint elsewhere, by plain http.",
        rule="Codes and secrets travel by TLS (RFC 6749 §3.2).",
        outcome="never",
    ),
    _anybodys(
        "discovery_endpoint_elsewhere",
        says="The discovery document names a token endpoint where nobody listens.",
        rule="The code is sent nowhere else instead, and nobody is signed in.",
        outcome=_FAILED,
    ),
    _anybodys(
        "discovery_without_keys",
        says="The discovery document names no jwks_uri.",
        rule=_METADATA,
        outcome="never",
    ),
    _anybodys(
        "discovery_500",
        says="The discovery document cannot be had: 500.",
        rule="Without it nobody is sent anywhere; the next login asks again.",
        outcome="never",
    ),
    _anybodys(
        "jwks_empty",
        says="No key is published.",
        rule="Without a key no id_token is believed (OIDC Core §3.1.3.7 no. 6).",
        outcome=_FAILED,
    ),
    _anybodys(
        "jwks_other_key",
        says="Another key is published under the name of the one that signs.",
        rule="The signature must fit a published key (OIDC Core §3.1.3.7 no. 6).",
        outcome="refused id_token_signature",
    ),
    _anybodys(
        "jwks_late",
        says="The published keys lack the newest one, for a moment.",
        rule="Look at the published keys once more (OIDC Core §10.1.1).",
        outcome="accepted",
    ),
)

USERINFO_FAULTS: Final[tuple[Fault, ...]] = (
    _fault(
        "userinfo_sub_wrong",
        says="Userinfo tells of another user.",
        rule="Both must have the same sub, or userinfo is not used (OIDC Core §5.3.2).",
        outcome="refused userinfo_sub",
    ),
    _fault(
        "userinfo_sub_missing",
        says="Userinfo does not say of whom it tells.",
        rule="Both must have the same sub, or userinfo is not used (OIDC Core §5.3.2).",
        outcome="refused userinfo_sub",
    ),
    _fault(
        "userinfo_401",
        says="Userinfo does not accept the access token that was just given.",
        rule="What userinfo does not say is not made up (OIDC Core §5.3.3).",
        outcome=_FAILED,
    ),
    _fault(
        "userinfo_html",
        says="Userinfo answers with a web page.",
        rule="Userinfo is JSON (OIDC Core §5.3.2).",
        outcome=_FAILED,
    ),
)
