"""What happened, in order? Records of calls become a story of steps. Pure.

When both parties are ours, each call between them was heard twice: by who sent it
and by who answered. A step is the one call that really took place.
"""

from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass

from oauthapp.kinds import Kind
from oauthapp.recorder.call import SIGNAL
from oauthapp.recorder.call import Call
from oauthapp.recorder.caller import OWN_CODE
from oauthapp.recorder.caller import Guess
from oauthapp.recorder.caller import looks_like
from oauthapp.recorder.step import Step
from oauthapp.recorder.step import is_callback
from oauthapp.recorder.step import place_of


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
        """Whether a login was accepted through both kinds of callback."""
        return self.arrived("redirect", "webhook")

    def arrived(self, *kinds: Kind) -> bool:
        """Whether a callback of each of these kinds was accepted."""
        came = [self.arrival(kind) for kind in kinds]
        return all(step and step.verdict == "accepted" for step in came)

    def callbacks(self, kind: Kind) -> Iterator[Step]:
        """The calls in which somebody was called back in that way."""
        return (step for step in self.steps if is_callback(step, kind))

    def arrival(self, kind: Kind) -> Step | None:
        """The first callback of that kind; one accepted plainly before others."""
        came = [one for one in self.callbacks(kind) if not one.unmade]
        came.sort(key=lambda one: (one.verdict != "accepted", bool(one.reason)))
        return next(iter(came), None)


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
                who = _looks_like(call).who
                caller = call.party if who == "code" else who
                steps.append(_step(call, None, caller, call.party))
    for call in sent.values():
        host = place_of(call.url)[0]
        steps.append(_step(call, None, call.party, parties.get(host, host)))
    return Story(steps=tuple(sorted(steps, key=lambda step: step.at)))


def _step(call: Call, other: Call | None, caller: str, callee: str) -> Step:
    records = (call,) if other is None else (call, other)
    return Step(
        records=records,
        kind=_kind(records),
        caller=caller,
        callee=callee,
        looks_like=_looks_like(call),
    )


def _looks_like(call: Call) -> Guess:
    return OWN_CODE if call.method == SIGNAL else looks_like(call.request_headers)


def _kind(records: Sequence[Call]) -> Kind:
    """As a party marked it; a signed message that nobody marked is a webhook."""
    marked: list[Kind] = [one.kind for one in records if one.kind != "redirect"]
    links = {link for one in records for link in one.links}
    if not marked and any(link.startswith("message:") for link in links):
        return "webhook"
    return marked[0] if marked else "redirect"


def _is_same(inbound: Call, outbound: Call) -> bool:
    """Anybody may write `traceparent`, so what both parties saw must agree.

    A party that calls itself says so: at another place it would be somebody else's.
    """
    same_place = place_of(inbound.url)[0] == place_of(outbound.url)[0]
    return (
        (inbound.party != outbound.party or same_place)
        and inbound.method == outbound.method
        and place_of(inbound.url)[1] == place_of(outbound.url)[1]
    )
