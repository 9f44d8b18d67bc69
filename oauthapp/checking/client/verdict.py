"""What is to be said of a relying party, from what was seen of it? Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from oauthapp.checking.client.duties import Check
from oauthapp.checking.client.sight import Judged
from oauthapp.checking.client.sight import Look
from oauthapp.checking.result import Result
from oauthapp.checking.result import Verdict
from oauthapp.checking.result import Weight

#: How the callback failed to answer: not in time, or it hung up.
Failure = Literal["", "hung", "hung up"]
#: The relying party's own error; 502 to 504 say that the provider failed, which is so.
CRASH = 500

_BY_TLS = (
    "let in, as it looks at no signature; that is allowed where the token endpoint is "
    "reached by TLS (OIDC Core §3.1.3.7 no. 6)"
)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a check brought to light."""

    judged: Judged
    #: The page that the callback led to.
    landed: Look
    failure: Failure = ""
    #: Why the fault never came to bear, "" when it did.
    not_reached: str = ""
    #: Paths at the provider that the relying party called meanwhile.
    called: Sequence[str] = ()
    #: Whether it sent one code twice to the token endpoint.
    redeemed_twice: bool = False
    #: Whether a good login succeeded afterwards.
    recovered: bool = True
    #: Whether it was shown to look at signatures of id_tokens.
    checks_signatures: bool = True


def result_of(check: Check, seen: Seen) -> Result:
    """The result of a check: the first rule that applies, read from top to bottom."""
    verdict, weight, did = _judge(check, seen)
    return Result(
        name=check.name,
        says=check.says,
        rule=check.rule,
        correct=check.correct,
        did=did + _ELSEWHERE * _is_sent_on(seen) + _STUCK * _is_stuck(seen),
        verdict=verdict,
        weight=weight,
    )


Judgement = tuple[Verdict, Weight, str]


def _judge(check: Check, seen: Seen) -> Judgement:
    shown = seen.landed.in_words()
    if seen.not_reached:
        return "not reached", "", seen.not_reached
    if seen.failure:
        return "finding", "robustness", f"{seen.failure}: {_FAILURES[seen.failure]}"
    if seen.judged == "let in" and check.duty == "refuse":
        return _let_in(check, seen)
    if seen.redeemed_twice and check.name == "state_replayed":
        return "finding", "attack", "sent the code to the token endpoint once more"
    if seen.landed.status == CRASH:
        return "finding", "robustness", f"with an error of its own: {shown}"
    if seen.judged == "unclear":
        return "unclear", "", shown
    if check.duty == "accept" and seen.judged == "refused":
        if seen.recovered:
            return "note", "", f"refused, and let in a while later: {shown}"
        return "finding", "robustness", f"locked the user out: {shown}"
    if _is_stuck(seen):
        verdict: Verdict = "note" if check.is_fetched_seldom else "finding"
        return verdict, ("" if verdict == "note" else "robustness"), f"refused: {shown}"
    if _is_sent_on(seen):
        return "note", "", f"refused: {shown}"
    coped = check.duty == "cope"
    return "passed", "", shown if coped else f"{seen.judged}: {shown}"


def _is_sent_on(seen: Seen) -> bool:
    return "/elsewhere" in seen.called


def _is_stuck(seen: Seen) -> bool:
    return not (seen.not_reached or seen.recovered)


def _let_in(check: Check, seen: Seen) -> Judgement:
    if check.needs_signatures and not seen.checks_signatures:
        return "note", "", _BY_TLS
    if check.changes_who and not seen.landed.names_user:
        return "finding", "attack", "let in, and not as the user who signed in"
    if check.open_because:
        return "note", "", f"let in. {check.open_because}"
    return "finding", "attack", "let in"


_ELSEWHERE = "; and sent code and secret on to where the redirect pointed"
_STUCK = "; and refused good logins, too, from then on"
_FAILURES = {
    "hung": "the callback was not answered in time",
    "hung up": "the connection was closed without an answer",
}
