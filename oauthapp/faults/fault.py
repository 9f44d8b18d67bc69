"""What is a fault? Something that goes wrong on purpose, and who has to notice."""

from dataclasses import dataclass
from typing import Literal

from oauthapp.kinds import Kind
from oauthapp.scenarios import Party

#: Who misbehaves. A browser's faults are played; the others' are armed and taken once.
Culprit = Literal["browser", "provider", "sender", "receiver"]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One way to break a callback, and what the other side must do about it."""

    #: Stable; named after the bug it hunts.
    name: str
    scenarios: tuple[str, ...]
    #: Which of the callbacks it spoils.
    kind: Kind
    culprit: Culprit
    #: What goes wrong, in one sentence.
    says: str
    #: What the other side has to do, and where that is written.
    rule: str
    #: What becomes of the callbacks of that kind, in order: "refused state_forged",
    #: "failed fault ×3", "accepted"; "never" when none comes.
    outcome: tuple[str, ...]
    #: Whether it goes on for more of the sender's schedule than anybody would wait:
    #: it can be played where clocks go faster only.
    needs_fast_clock: bool = False
    #: Whether it can be armed for one client or one endpoint: not where whoever calls
    #: does not say who it is, as for metadata.
    for_one: bool = True

    @property
    def party(self) -> Party | None:
        """Where it is armed; None for what is played in the browser."""
        if self.culprit == "browser":
            return None
        return "app" if self.culprit == "receiver" else "provider"
