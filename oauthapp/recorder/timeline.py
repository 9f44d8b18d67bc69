"""What happened, in order? Records of calls become a story of steps. Pure.

When both parties are ours, each call between them was heard twice: by who sent it
and by who answered. A step is the one call that really took place.
"""

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from oauthapp.recorder.call import Call
from oauthapp.recorder.call import Kind
from oauthapp.recorder.call import Verdict
from oauthapp.recorder.caller import Guess
from oauthapp.recorder.caller import looks_like


@dataclass(frozen=True, kw_only=True)
class Step:
    """One HTTP call that took place, and who made it to whom."""

    #: Every record of it, that of the party which answered first.
    records: tuple[Call, ...]
    kind: Kind
    #: "browser", "app", "provider", or the host of somebody else.
    caller: str
    callee: str
    #: Judged from the request alone.
    looks_like: Guess

    @property
    def call(self) -> Call:
        """The record to show: what the answering party saw, where it is ours."""
        return self.records[0]

    @property
    def id(self) -> str:
        """The id of the record to show."""
        return self.call.id

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all its records."""
        return tuple(call.id for call in self.records)

    @property
    def at(self) -> float:
        """When the caller began, as far as anybody heard."""
        return min(call.at for call in self.records)

    @property
    def path(self) -> str:
        """The path that was called, without its query."""
        return path_of(self.call.url)

    @property
    def links(self) -> frozenset[str]:
        """What it shares with other calls, as either side saw it."""
        return frozenset().union(*(call.links for call in self.records))

    @property
    def verdict(self) -> Verdict:
        """What the callee made of it; what the caller did, where nobody else says."""
        return next((call.verdict for call in self.records if call.verdict), "")

    @property
    def reason(self) -> str:
        """The reason code that goes with the verdict."""
        return next((call.reason for call in self.records if call.verdict), "")

    def header(self, name: str) -> str:
        """A header of the answer, "" when it has none of that name."""
        headers = self.call.answer_headers
        return next((text for key, text in headers if key.lower() == name), "")


@dataclass(frozen=True, kw_only=True)
class Story:
    """The steps of one run, in the order in which they began."""

    steps: tuple[Step, ...] = ()

    @property
    def run(self) -> str | None:
        """The id of the run: that of its first step. None when nothing happened."""
        return self.steps[0].id if self.steps else None

    @property
    def complete(self) -> bool:
        """Whether the app accepted the login through both kinds of callback."""
        arrived = (self.arrival("redirect"), self.arrival("webhook"))
        return all(step and step.verdict == "accepted" for step in arrived)

    def callbacks(self, kind: Kind) -> Iterator[Step]:
        """The calls in which the app was called back, by browser or by server."""
        return (step for step in self.steps if _CALLBACKS[kind](step))

    def arrival(self, kind: Kind) -> Step | None:
        """The first callback of that kind: an accepted one, if there is one."""
        came = sorted(self.callbacks(kind), key=lambda one: one.verdict != "accepted")
        return next(iter(came), None)


def _by_browser(step: Step) -> bool:
    """A GET, or with response_mode=form_post the POST of a form."""
    call, form = step.call, "application/x-www-form-urlencoded"
    sent = dict(call.request_headers).get("Content-Type", "").startswith(form)
    brings = call.method == "GET" or (call.method == "POST" and sent)
    return brings and step.path.startswith("/callback/")


def _by_server(step: Step) -> bool:
    return step.call.method == "POST" and step.path.startswith("/webhooks/")


#: Whether a call is a callback of that kind: the routes of `callbacks/`.
_CALLBACKS: Mapping[Kind, Callable[[Step], bool]] = {
    "redirect": _by_browser,
    "webhook": _by_server,
}


def tell(calls: Sequence[Call]) -> Story:
    """The story of these records, each call once."""
    sent = {call.id: call for call in calls if call.direction == "outbound"}
    parties = {place_of(c.url)[0]: c.party for c in calls if c.direction == "inbound"}
    steps = []
    for call in calls:
        if call.direction == "inbound":
            outbound = sent.get(call.caller_id or "")
            if outbound is not None and _is_same(call, outbound):
                del sent[outbound.id]
                steps.append(_step(call, outbound, outbound.party, call.party))
            else:
                caller = looks_like(call.request_headers).who
                steps.append(_step(call, None, caller, call.party))
    for call in sent.values():
        host = place_of(call.url)[0]
        steps.append(_step(call, None, call.party, parties.get(host, host)))
    return Story(steps=tuple(sorted(steps, key=lambda step: step.at)))


def path_of(url: str) -> str:
    """The path of `url`, without its query."""
    return place_of(url)[1]


def _step(call: Call, other: Call | None, caller: str, callee: str) -> Step:
    records = (call,) if other is None else (call, other)
    links = {link for one in records for link in one.links}
    signed = any(link.startswith("message:") for link in links)
    return Step(
        records=records,
        kind="webhook" if signed or call.kind == "webhook" else "redirect",
        caller=caller,
        callee=callee,
        looks_like=looks_like(call.request_headers),
    )


def _is_same(inbound: Call, outbound: Call) -> bool:
    """Anybody may write `traceparent`, so what both parties saw must agree."""
    return (
        inbound.party != outbound.party
        and inbound.method == outbound.method
        and place_of(inbound.url)[1] == place_of(outbound.url)[1]
    )


def place_of(url: str) -> tuple[str, str]:
    """Host with port, and path without query; a URL that cannot be read is all path."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", url.partition("?")[0]
    return parts.netloc.rpartition("@")[2], parts.path or "/"
