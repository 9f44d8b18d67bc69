"""What is one check of a webhook endpoint?"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from oauthapp.callbacks.webhook.schemes import Scheme
from oauthapp.checking.webhook.spoiled import Make

#: "accept": 2xx. "refuse": no 2xx. "cope": either; but no error of its own, no hang.
Duty = Literal["accept", "refuse", "cope"]


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that is sent."""

    name: str
    says: str
    rule: str
    duty: Duty
    make: Make
    #: How often the same is sent: one after the other, or at once.
    copies: int = 1
    at_once: bool = False
    #: The body comes piece by piece.
    slowly: bool = False
    #: What is to be said of a 2xx that breaks no rule, "" for nothing.
    note: str = ""
    #: Whether it makes sense with this kind of sender.
    fits: Callable[[Scheme], bool] = lambda _scheme: True

    @property
    def correct(self) -> str:
        """What a correct endpoint does, in short."""
        return {
            "accept": "answers 2xx",
            "refuse": "answers 4xx",
            "cope": "answers in time, and not with 5xx",
        }[self.duty]
