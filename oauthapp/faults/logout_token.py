"""What can go wrong with the token by which a provider tells of a logout."""

from typing import Final

from oauthapp.faults.fault import Fault

_SPEC = "OpenID Connect Back-Channel Logout 1.0"


def _fault(name: str, reason: str, *, says: str, rule: str) -> Fault:
    """One attempt is spoiled and refused; the next one is good."""
    return Fault(
        name=f"logout_token_{name}",
        scenarios=("logout",),
        kind="webhook",
        culprit="provider",
        says=says,
        rule=rule,
        outcome=(f"refused logout_token_{reason}", "accepted"),
    )


_SIGNED = f"The provider’s published key must have signed it ({_SPEC} §2.6)."

LOGOUT_TOKEN_FAULTS: Final[tuple[Fault, ...]] = (
    _fault(
        "alg_none",
        "signature",
        says="The logout token says that it needs no signature (alg none).",
        rule=_SIGNED,
    ),
    _fault(
        "signature_wrong",
        "signature",
        says="The logout token is signed with a key of somebody else’s.",
        rule=_SIGNED,
    ),
    _fault(
        "iss_wrong",
        "iss",
        says="The logout token is from another issuer.",
        rule=f"One provider must not sign out the users of another ({_SPEC} §2.6).",
    ),
    _fault(
        "aud_wrong",
        "aud",
        says="The logout token is meant for another client.",
        rule=f"aud must be our client_id alone ({_SPEC} §2.6).",
    ),
    _fault(
        "iat_future",
        "iat",
        says="The logout token was issued tomorrow.",
        rule=f"iat must not lie ahead of our clock ({_SPEC} §2.6).",
    ),
    _fault(
        "exp_past",
        "exp",
        says="The logout token expired an hour ago.",
        rule=f"After exp it is not obeyed ({_SPEC} §2.6).",
    ),
    _fault(
        "events_missing",
        "events",
        says="The logout token does not say that it is about a logout.",
        rule="Without the member events any token of the provider would do "
        f"({_SPEC} §2.6).",
    ),
    _fault(
        "names_nobody",
        "sub_sid",
        says="The logout token names neither a user nor a session.",
        rule=f"It must have a sub, a sid or both ({_SPEC} §2.6).",
    ),
    _fault(
        "nonce",
        "nonce",
        says="The logout token carries a nonce, as only an id_token does.",
        rule="An id_token that leaked must not pass for a logout token "
        f"({_SPEC} §2.4).",
    ),
    _fault(
        "jti_missing",
        "jti",
        says="The logout token has no id.",
        rule=f"Without jti a replay could not be told ({_SPEC} §2.4).",
    ),
    Fault(
        name="logout_token_replayed",
        scenarios=("logout",),
        kind="webhook",
        culprit="provider",
        says="The logout token is sent a second time.",
        rule=f"Each jti is obeyed once ({_SPEC} §2.6).",
        outcome=("accepted", "refused logout_token_replayed"),
    ),
)
