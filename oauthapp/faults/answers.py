"""What a provider can do wrong in the answer that the browser carries."""

from typing import Final

from oauthapp.faults.fault import Fault


def _fault(name: str, *, says: str, rule: str, outcome: str) -> Fault:
    return Fault(
        name=name,
        scenarios=("login",),
        kind="redirect",
        culprit="provider",
        says=says,
        rule=rule,
        outcome=(outcome,),
    )


ANSWER_FAULTS: Final[tuple[Fault, ...]] = (
    _fault(
        "answer_state_missing",
        says="The provider does not give the state back.",
        rule="An answer without state is nobody’s (RFC 9700 §4.7.1).",
        outcome="refused state_missing",
    ),
    _fault(
        "answer_state_altered",
        says="The provider gives another state back than it got.",
        rule="The state must be the very one that was sent (RFC 6749 §4.1.2).",
        outcome="refused state_forged",
    ),
    _fault(
        "answer_iss_missing",
        says="The answer does not say who gives it, though the provider promised to.",
        rule="Where iss is promised, an answer without is refused (RFC 9207 §2.4).",
        outcome="refused iss_missing",
    ),
    _fault(
        "answer_iss_wrong",
        says="The answer says that another provider gives it (mix-up).",
        rule="iss must be the issuer that was asked (RFC 9207 §2.4).",
        outcome="refused iss_mismatch",
    ),
    _fault(
        "answer_parameter_twice",
        says="The answer has two codes.",
        rule="Each parameter comes once (RFC 6749 §3.1).",
        outcome="refused duplicate_parameter",
    ),
    _fault(
        "answer_code_missing",
        says="The answer has neither a code nor an error.",
        rule="Without a code there is nothing to redeem (RFC 6749 §4.1.2).",
        outcome="refused code_missing",
    ),
    _fault(
        "answer_access_denied",
        says="The provider answers access_denied.",
        rule="An error signs nobody in (RFC 6749 §4.1.2.1).",
        outcome="refused provider_said_no",
    ),
    _fault(
        "answer_server_error",
        says="The provider answers server_error.",
        rule="An error signs nobody in (RFC 6749 §4.1.2.1).",
        outcome="refused provider_said_no",
    ),
    _fault(
        "answer_temporarily_unavailable",
        says="The provider answers temporarily_unavailable.",
        rule="An error signs nobody in (RFC 6749 §4.1.2.1).",
        outcome="refused provider_said_no",
    ),
    _fault(
        "answer_code_expired",
        says="The code has expired when it arrives.",
        rule="The user starts anew; a code is not tried again (RFC 6749 §4.1.2).",
        outcome="refused code_refused",
    ),
    _fault(
        "answer_code_of_another_login",
        says="The code was given for another login (code injection).",
        rule="A code is bound to its code_verifier (RFC 7636 §4.6, RFC 9700 §4.5).",
        outcome="refused code_refused",
    ),
)
