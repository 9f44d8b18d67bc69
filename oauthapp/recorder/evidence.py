"""Which call of a run proves an answer? One finder a kind and question. Pure.

The questions and the general answers stand in `kinds.py`; here is what was seen.
"""

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass

from oauthapp.kinds import Question
from oauthapp.recorder.call import Kind
from oauthapp.recorder.timeline import Step
from oauthapp.recorder.timeline import Story
from oauthapp.recorder.timeline import place_of


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a call of this run shows, in one sentence."""

    step: Step
    says: str


def evidence(story: Story, kind: Kind, question: Question) -> Seen | None:
    """What answers `question` in this run; None when it was not seen yet."""
    return FINDERS[kind, question](story)


def guess_in_words(step: Step) -> str:
    """ "looks like a browser, because …": a judgement, and what it rests on."""
    who = {"browser": "a browser", "server": "a server"}
    seems = who.get(step.looks_like.who, "nobody we know")
    return f"looks like {seems}, because {step.looks_like.because}"


def _browser_called(story: Story) -> Seen | None:
    return _who_called(story, "redirect")


def _server_called(story: Story) -> Seen | None:
    return _who_called(story, "webhook")


def _who_called(story: Story, kind: Kind) -> Seen | None:
    step = story.arrival(kind)
    if step is None:
        return None
    return Seen(step=step, says=f"The caller {guess_in_words(step)}.")


def _came_by_get(story: Story) -> Seen | None:
    return _method(story, "redirect")


def _came_by_post(story: Story) -> Seen | None:
    return _method(story, "webhook")


def _method(story: Story, kind: Kind) -> Seen | None:
    step = story.arrival(kind)
    if step is None:
        return None
    call = step.call
    says = f"{call.method} {step.path}, answered {call.status or 'by nobody'}."
    return Seen(step=step, says=says)


def _provider_sent_the_browser(story: Story) -> Seen | None:
    """The answer before the callback whose Location is the callback's own URL.

    The two are not compared as strings, since WSGI does not keep how a URL was
    encoded: it is the same place with the same state or code.
    """
    arrival = story.arrival("redirect")
    if arrival is None:
        return None
    for step in story.steps:
        location = place_of(step.header("location"))
        same = location == place_of(arrival.call.url) and _answer(step) & _answer(
            arrival
        )
        if same and step.at <= arrival.at:
            says = (
                f"The {step.callee} answered {step.call.method} {step.path} "
                f"with {step.call.status}; its Location is the callback’s URL."
            )
            return Seen(step=step, says=says)
    return None


def _provider_sent_it_itself(story: Story) -> Seen | None:
    """A POST of the other server, and no browser in between."""
    arrival = story.arrival("webhook")
    if arrival is None or arrival.looks_like.who == "browser":
        return None
    sender = arrival.caller if arrival.caller == "provider" else "other server"
    says = f"The {sender} sent this POST by itself; no browser’s call led to it."
    return Seen(step=arrival, says=says)


def _nobody_called_again(story: Story) -> Seen | None:
    step = _failure(story, "redirect")
    if step is None:
        return None
    return Seen(step=step, says=f"{_what_failed(step)} Nobody called again by itself.")


def _the_sender_called_again(story: Story) -> Seen | None:
    step = _failure(story, "webhook")
    if step is None:
        return None
    later = [one for one in story.callbacks("webhook") if one.at > step.at]
    again = [one for one in later if _message(one) & _message(step)]
    next_call = (
        f"The same message came again {again[0].at - step.at:.1f} s later."
        if again
        else "It has not come again yet."
    )
    return Seen(step=step, says=f"{_what_failed(step)} {next_call}")


def _failure(story: Story, kind: Kind) -> Step | None:
    bad = (one for one in story.callbacks(kind) if one.verdict in ("refused", "failed"))
    return next(bad, None)


def _what_failed(step: Step) -> str:
    status = step.call.status or "no answer"
    because = f", {step.reason}" if step.reason else ""
    return f"{step.call.method} {step.path}: {step.verdict} ({status}{because})."


def _answer(step: Step) -> set[str]:
    """The state and the code that it carried."""
    return {link for link in step.links if link.startswith(("state:", "code:"))}


def _message(step: Step) -> set[str]:
    return {link for link in step.links if link.startswith("message:")}


FINDERS: Mapping[tuple[Kind, Question], Callable[[Story], Seen | None]] = {
    ("redirect", "who"): _browser_called,
    ("redirect", "method"): _came_by_get,
    ("redirect", "trigger"): _provider_sent_the_browser,
    ("redirect", "failure"): _nobody_called_again,
    ("webhook", "who"): _server_called,
    ("webhook", "method"): _came_by_post,
    ("webhook", "trigger"): _provider_sent_it_itself,
    ("webhook", "failure"): _the_sender_called_again,
}
