"""Which call of a run proves an answer? One finder a question. Pure.

The questions and the general answers stand in `kinds.py`; here is what was seen.
"""

from collections.abc import Callable
from collections.abc import Mapping

from oauthapp.kinds import Kind
from oauthapp.kinds import Question
from oauthapp.recorder.step import Step
from oauthapp.recorder.timeline import Story
from oauthapp.recorder.triggers import TRIGGERS
from oauthapp.recorder.triggers import Seen
from oauthapp.recorder.wording import guess_in_words
from oauthapp.recorder.wording import sent
from oauthapp.recorder.wording import where_the_news_is


def evidence(story: Story, kind: Kind, question: Question) -> Seen | None:
    """What answers `question` in this run; None when it was not seen yet."""
    return FINDERS[question](story, kind)


def _who_called(story: Story, kind: Kind) -> Seen | None:
    step = story.arrival(kind)
    if step is None:
        return None
    if kind == "in-process":
        return Seen(step=step, says=f"The {step.callee}’s own code; no request came.")
    cookie = "with a cookie" if sent(step, "cookie") else "without any cookie"
    says = f"The {step.caller}, {cookie}. It {guess_in_words(step)}."
    return Seen(step=step, says=says)


def _method(story: Story, kind: Kind) -> Seen | None:
    step = story.arrival(kind)
    if step is None:
        return None
    if kind == "in-process":
        return Seen(step=step, says="A function call: no method, no address.")
    call = step.call
    answered = f"answered {call.status or 'by nobody'}"
    says = f"{call.method} {step.path}, {answered}. {where_the_news_is(step)}"
    return Seen(step=step, says=says)


def _trigger(story: Story, kind: Kind) -> Seen | None:
    step = story.arrival(kind)
    return None if step is None else TRIGGERS[kind](story, step)


def _failed(story: Story, kind: Kind) -> Seen | None:
    step = next((one for one in story.callbacks(kind) if one.failed), None)
    if step is None:
        return None
    return Seen(step=step, says=f"{_what_failed(step)} {_what_came_next(story, step)}")


def _what_failed(step: Step) -> str:
    status = step.call.status or "no answer"
    because = f", {step.reason}" if step.reason else ""
    return f"{step.call.method} {step.path}: {step.verdict} ({status}{because})."


def _what_came_next(story: Story, step: Step) -> str:
    if step.unmade:
        return "Nothing was sent."
    if step.kind == "redirect":
        return "Nobody called again by itself."
    if step.kind == "in-process":
        return "Whoever sent the signal got the exception; nobody sends it again."
    later = [one for one in story.callbacks(step.kind) if one.at > step.at]
    again = [one for one in later if _same_news(one, step)]
    if not again:
        return "It has not come again yet."
    return f"The same came again {again[0].at - step.at:.1f} s later."


def _person(story: Story, kind: Kind) -> Seen | None:
    step = story.arrival(kind)
    if step is None:
        return None
    if "playing the browser" in sent(step, "user-agent"):
        return Seen(step=step, says="Somebody, if this browser were not played.")
    if step.looks_like.who == "browser":
        return Seen(step=step, says=f"Somebody: it {guess_in_words(step)}.")
    if kind == "in-process":
        return Seen(step=step, says="Nobody: no request was made at all.")
    return Seen(step=step, says=f"Nobody: it {guess_in_words(step)}.")


#: What a call tells of.
_NEWS = ("message:", "job:", "commit:")


def _same_news(one: Step, other: Step) -> bool:
    told = [
        {link for link in step.links if link.startswith(_NEWS)} for step in (one, other)
    ]
    return bool(told[0] & told[1])


FINDERS: Mapping[Question, Callable[[Story, Kind], Seen | None]] = {
    "who": _who_called,
    "method": _method,
    "trigger": _trigger,
    "failure": _failed,
    "person": _person,
}
