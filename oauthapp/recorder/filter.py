"""Which recorded calls are asked for? Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What a call has to be; what is empty or None does not matter."""

    kind: str = ""
    party: str = ""
    direction: str = ""
    method: str = ""
    #: 404, or for a whole class its first digit.
    status: int | None = None
    #: Nobody answered.
    unanswered: bool = False
    verdict: str = ""
    reason: str = ""
    #: This path, and all below it.
    path: str = ""
    #: Anywhere in the URL, the headers and the bodies; case does not matter.
    text: str = ""
    #: What it carries, such as "state:1f3a…".
    link: str = ""
    #: Unix seconds between which it began.
    since: float | None = None
    until: float | None = None
