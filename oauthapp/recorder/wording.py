"""A call in words: who seems to have made it, and where it carries its news. Pure."""

from urllib.parse import parse_qsl

from oauthapp.recorder.step import Step


def guess_in_words(step: Step) -> str:
    """ "looks like a browser, because …": a judgement, and what it rests on."""
    if step.unmade:
        return "was not made: nothing was sent"
    who = {"browser": "a browser", "server": "a server", "code": "its own code"}
    seems = who.get(step.looks_like.who, "nobody we know")
    return f"looks like {seems}, because {step.looks_like.because}"


def where_the_news_is(step: Step) -> str:
    """Which part of a callback brings the news."""
    if step.kind == "polling":
        return "The news is in the answer."
    if step.call.request_body:
        signed = " It is signed." if sent(step, "webhook-signature") else ""
        return f"The news is in the body ({sent(step, 'content-type')}).{signed}"
    names = list(dict.fromkeys(name for name, _ in parse_qsl(_query(step))))
    return f"The news is in the query: {', '.join(names)}." if names else ""


def _query(step: Step) -> str:
    return step.call.url.partition("?")[2]


def sent(step: Step, name: str) -> str:
    """A header of the request, "" when it has none of that name."""
    headers = step.call.request_headers
    return next((text for key, text in headers if key.lower() == name), "")
