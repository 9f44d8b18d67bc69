"""What is to be said of a webhook endpoint, from its answers? Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from oauthapp.checking.result import Result
from oauthapp.checking.result import Verdict
from oauthapp.checking.result import Weight
from oauthapp.checking.webhook.check import Check

#: Seconds after which an answer is worth a note: senders give up after 5 to 30.
SLOW = 5.0
#: Too busy right now: the sender comes again, as it should.
BUSY = (429, 503)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the endpoint answered."""

    #: 0 when there was no answer.
    status: int
    body: str = ""
    seconds: float = 0.0
    #: "hung" or "hung up", where there was none.
    failure: str = ""

    @property
    def accepted(self) -> bool:
        return 200 <= self.status < 300

    def in_words(self) -> str:
        return self.failure or str(self.status)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a check brought to light."""

    answers: Sequence[Answer]
    #: The answer to a good message.
    good: Answer
    #: To a good message that came while the check's own was under way.
    meanwhile: Answer | None = None
    #: How many effects there were more than before; None: nobody can tell.
    effects: int | None = None


def result_of(check: Check, seen: Seen) -> Result:
    """The result of a check: the first rule that applies, read from top to bottom."""
    verdict, weight, did = _judge(check, seen)
    return Result(
        name=check.name,
        says=check.says,
        rule=check.rule,
        correct=check.correct,
        did=did,
        verdict=verdict,
        weight=weight,
    )


Judgement = tuple[Verdict, Weight, str]


def _judge(check: Check, seen: Seen) -> Judgement:
    answered = _in_words(seen.answers)
    if check.duty == "refuse" and any(one.accepted for one in seen.answers):
        return _let_in(seen)
    if check.duty == "refuse" and seen.effects:
        return "finding", "attack", f"answered {answered}, and took effect all the same"
    if seen.meanwhile is not None and not seen.meanwhile.accepted:
        did = f"meanwhile a good message was answered {seen.meanwhile.in_words()}"
        return "finding", "robustness", did
    if any(_broke(one, check) for one in seen.answers):
        return "finding", "robustness", f"answered {answered}"
    if check.duty == "accept":
        return _accepted(check, seen)
    if check.note and seen.answers[0].accepted:
        return "note", "", f"answered {answered}. {check.note}"
    return "passed", "", f"answered {answered}"


def _let_in(seen: Seen) -> Judgement:
    one = next(one for one in seen.answers if one.accepted)
    if seen.effects:
        return "finding", "attack", f"let in: answered {one.status}, and took effect"
    alike = (one.status, one.body) == (seen.good.status, seen.good.body)
    if seen.effects is None and alike:
        return "finding", "attack", f"let in: answered {one.status} as to a good one"
    why = "it took no effect" if seen.effects == 0 else "its body is not that of a yes"
    did = f"answered {one.status}, though {why}: a sender takes that for delivered"
    return "finding", "robustness", did


def _accepted(check: Check, seen: Seen) -> Judgement:
    answered = _in_words(seen.answers)
    if any(one.status in BUSY for one in seen.answers):
        return "note", "", f"answered {answered}: it wants to be asked again"
    if not all(one.accepted for one in seen.answers):
        return "finding", "robustness", f"answered {answered}: it would come for days"
    if seen.effects is not None and seen.effects > 1:
        return "finding", "attack", f"took effect {seen.effects} times"
    if check.copies > 1 and seen.effects is None:
        return (
            "passed",
            "",
            f"answered {answered}; how often it took effect is not seen",
        )
    return "passed", "", f"answered {answered}"


def _broke(one: Answer, check: Check) -> bool:
    # Whoever is sent too much, too slowly or nonsense may hang up.
    may_hang_up = check.duty != "accept" and one.failure == "hung up"
    if one.failure:
        return not may_hang_up
    return one.status >= 500 and not (check.at_once and one.status in BUSY)


def _in_words(answers: Sequence[Answer]) -> str:
    counts: dict[str, int] = {}
    for one in answers:
        counts[one.in_words()] = counts.get(one.in_words(), 0) + 1
    return ", ".join(
        words if times == 1 else f"{words} ×{times}" for words, times in counts.items()
    )
