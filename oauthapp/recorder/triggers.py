"""What set a callback off? One finder a kind: the call that did, as seen. Pure."""

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass

from oauthapp.kinds import Kind
from oauthapp.recorder.step import Step
from oauthapp.recorder.step import place_of
from oauthapp.recorder.timeline import Story


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a call of this run shows, in one sentence."""

    step: Step
    says: str


def _provider_sent_the_browser(story: Story, arrival: Step) -> Seen | None:
    """The answer before the callback whose Location is the callback's own URL.

    The two are not compared as strings, since WSGI does not keep how a URL was
    encoded: it is the same place with the same state, code or checkout.
    """
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
    return _its_form_posted(story, arrival)


def _its_form_posted(story: Story, arrival: Step) -> Seen | None:
    """With response_mode=form_post no Location leads there, but a page."""
    if arrival.call.method != "POST":
        return None
    step = _browsers_last_call(story, arrival, to="provider")
    if step is None:
        return None
    says = (
        f"The {step.callee} answered {step.call.method} {step.path} with a page "
        "whose form the browser posts to this address."
    )
    return Seen(step=step, says=says)


def _server_sent_it_itself(story: Story, arrival: Step) -> Seen | None:
    """A POST of the other server, after what happened there."""
    if arrival.looks_like.who == "browser":
        return None
    sender = arrival.caller if arrival.caller == "provider" else "other server"
    says = f"The {sender}’s server sent this POST itself; no browser carried it."
    before = _browsers_last_call(story, arrival, to=arrival.caller)
    if before is not None:
        says = f"{before.call.method} {before.path} made it happen there. {says}"
    return Seen(step=before or arrival, says=says)


def _browsers_last_call(story: Story, arrival: Step, *, to: str) -> Step | None:
    """What somebody did at that party, before it called."""
    found = [
        step
        for step in story.steps
        if step.callee == to
        and step.at <= arrival.at
        and step.looks_like.who == "browser"
    ]
    return found[-1] if found else None


def _an_earlier_call_named_it(story: Story, arrival: Step) -> Seen | None:
    """The call, the other way round, in which this address was given."""
    for step in story.steps:
        other_way = (step.caller, step.callee) == (arrival.callee, arrival.caller)
        if other_way and step.at < arrival.at and arrival.path in step.request_text:
            says = (
                f"The {step.caller} had named this address in {step.call.method} "
                f"{step.path}, which was answered {step.call.status}; "
                "and now there was something to tell."
            )
            return Seen(step=step, says=says)
    return None


def _we_were_told_where_to_ask(story: Story, arrival: Step) -> Seen | None:
    for step in story.steps:
        named = place_of(step.header("location"))[1] == arrival.path
        if named and step.at <= arrival.at:
            wait = step.header("retry-after")
            says = (
                f"{step.call.method} {step.path} was answered {step.call.status} with "
                f"this Location and Retry-After: {wait or 'nothing'}."
            )
            return Seen(step=step, says=says)
    return None


def _our_own_code_sent_it(_story: Story, arrival: Step) -> Seen | None:
    says = f"The {arrival.callee} sent the signal {arrival.path} to itself."
    return Seen(step=arrival, says=says)


def _answer(step: Step) -> set[str]:
    """The state, the code and the checkout that it carried."""
    ours = ("state:", "code:", "checkout:")
    return {link for link in step.links if link.startswith(ours)}


#: By the kind of the callback that came.
TRIGGERS: Mapping[Kind, Callable[[Story, Step], Seen | None]] = {
    "redirect": _provider_sent_the_browser,
    "webhook": _server_sent_it_itself,
    "callback_url": _an_earlier_call_named_it,
    "polling": _we_were_told_where_to_ask,
    "in-process": _our_own_code_sent_it,
}
