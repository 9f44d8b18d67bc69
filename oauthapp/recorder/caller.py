"""Who called? Judged from the request alone, so it is only ever "looks like". Pure."""

from dataclasses import dataclass
from typing import Literal

from oauthapp.recorder.call import Headers


@dataclass(frozen=True, kw_only=True)
class Guess:
    """A judgement and the part of the request it rests on."""

    who: Literal["browser", "server", "code", "unknown"]
    because: str


#: For a signal there is no request to judge from.
OWN_CODE = Guess(who="code", because="it is a signal, and no request was made")


def looks_like(headers: Headers) -> Guess:
    """Whether these request headers are a browser's or another server's.

    A browser adds Sec-Fetch-* to every request and no script can forge them (W3C
    Fetch Metadata); a signed message carries its signature. Anyone else can write
    whatever they like, hence a guess.
    """
    given = {name.lower(): value for name, value in headers}
    if "webhook-signature" in given:
        return Guess(who="server", because="it carries webhook-id and a signature")
    if mode := given.get("sec-fetch-mode"):
        return Guess(who="browser", because=f"Sec-Fetch-Mode: {mode}")
    agent = given.get("user-agent", "").strip()
    if agent.startswith("Mozilla/") and "text/html" in given.get("accept", ""):
        return Guess(who="browser", because="User-Agent Mozilla/… and Accept text/html")
    if agent:
        program = agent[:60]
        return Guess(who="server", because=f"User-Agent: {program}, no Sec-Fetch-Mode")
    return Guess(who="unknown", because="it says nothing about itself")
