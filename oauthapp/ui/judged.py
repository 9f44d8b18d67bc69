"""Why was a call accepted or refused? From its reason code and the table of checks."""

import json
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from typing import Literal

from oauthapp.callbacks.backchannel import verify as backchannel
from oauthapp.callbacks.redirect import id_token
from oauthapp.callbacks.redirect import verify as redirect
from oauthapp.callbacks.result import verify as result
from oauthapp.callbacks.security_event import verify as security_event
from oauthapp.callbacks.webhook import verify as webhook
from oauthapp.errors import OauthappError
from oauthapp.recorder.step import Step
from oauthapp.safeguards import SAFEGUARDS
from oauthapp.safeguards import Safeguard

Check = tuple[Callable[[Any], bool], type[OauthappError]]
Outcome = Literal["held", "let through", "failed", "not told", "not reached"]

#: What a call to these routes of the app has to pass, in order.
_CHECKS: Mapping[str, Sequence[Check]] = {
    "/callback/": (*redirect.CHECKS, *id_token.CLAIM_CHECKS),
    "/webhooks/": webhook.CHECKS,
    "/backchannel-logout/": backchannel.CHECKS,
    "/events/": security_event.CHECKS,
    "/results/": (*webhook.CHECKS, *result.CHECKS),
}


@dataclass(frozen=True, kw_only=True)
class Checked:
    """One check and what came of it; `code` is the reason it would have given."""

    says: str
    code: str
    outcome: Outcome


@dataclass(frozen=True, kw_only=True)
class Judged:
    """The reason of a verdict, and both sides of it as far as they are known."""

    message: str = ""
    arrived: str = ""
    expected: str = ""
    cause: str = ""
    remedy: str = ""
    checks: Sequence[Checked] = ()


def judged(step: Step) -> Judged:
    """Why this call was accepted or refused."""
    refusal = refusal_of(step.reason, step.callee)
    said = _said(step.call.answer_body)
    checks = tuple(_outcomes(step))
    if refusal is None or step.verdict == "accepted":
        return Judged(checks=checks)
    return Judged(
        message=refusal.message(),
        arrived=said.get("arrived", ""),
        expected=said.get("expected", "") or refusal.expected,
        cause=refusal.cause,
        remedy=refusal.remedy,
        checks=checks,
    )


def refusal_of(code: str, party: str) -> type[OauthappError] | None:
    """The class whose reason code it is; the party's own, where two share a code."""
    found = [one for one in _errors(OauthappError) if one.code == code]
    rooms = "oauthapp.callers." if party == "provider" else "oauthapp.callbacks."
    found.sort(key=lambda one: not one.__module__.startswith(rooms))
    return found[0] if code and found else None


def _errors(base: type[OauthappError]) -> Iterator[type[OauthappError]]:
    for one in base.__subclasses__():
        yield one
        yield from _errors(one)


def _said(body: str) -> dict[str, str]:
    """What our own answer said of its reason, if it was JSON."""
    try:
        error = json.loads(body)["error"]
    except (ValueError, RecursionError, TypeError, KeyError):
        return {}
    if not isinstance(error, dict):
        return {}
    return {name: text for name, text in error.items() if isinstance(text, str)}


def _outcomes(step: Step) -> Iterator[Checked]:
    """Each check of that route, if it can be told what came of them."""
    checks = next(
        (some for path, some in _CHECKS.items() if step.path.startswith(path)), ()
    )
    codes = [refusal.code for _holds, refusal in checks]
    if step.callee != "app" or not step.verdict:
        return
    accepted = step.verdict == "accepted"
    if not accepted and step.reason not in codes:
        return  # refused before the first of them, or after the last
    off = _let_through(step) if accepted else {}
    for number, (holds, refusal) in enumerate(checks):
        outcome = "held" if accepted else _outcome(number, codes, step.reason)
        name, says = holds.__name__, holds.__name__.strip("_").replace("_", " ")
        if off.pop(name, None):
            outcome = "let through"
        yield Checked(says=says, code=refusal.code, outcome=outcome)
    for name, code in off.items():  # asked elsewhere than in that table
        yield Checked(says=name.replace("_", " "), code=code, outcome="let through")


def _let_through(step: Step) -> dict[str, str]:
    """The checks that were off and would have stopped this call, with their codes."""
    codes = step.reason.split()
    return {
        safeguard.name.rpartition(".")[2]: code
        for safeguard in SAFEGUARDS.values()
        for code in codes
        if not safeguard.always_on
        and safeguard.let_through == f"accepted {code}"
        and _is_of(safeguard, step)
    }


def _is_of(safeguard: Safeguard, step: Step) -> bool:
    """What is asked of a webhook is asked of a result, too."""
    kinds = {safeguard.kind, "callback_url" if safeguard.kind == "webhook" else ""}
    return step.kind in kinds


def _outcome(number: int, codes: Sequence[str], reason: str) -> Outcome:
    """Two checks may share a reason: then it is not told which of them it was."""
    first = codes.index(reason)
    last = len(codes) - 1 - codes[::-1].index(reason)
    if number < first:
        return "held"
    if number > last:
        return "not reached"
    return "failed" if first == last else "not told"
