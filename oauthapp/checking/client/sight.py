"""Is the user signed in, as far as can be seen from outside? Pure.

A relying party does not say so in words that all of them share. So a good login and a
refused one are looked at first, and everything else is compared with those two.
"""

from dataclasses import dataclass
from typing import Literal

Judged = Literal["let in", "refused", "unclear"]


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a browser was shown in the end."""

    #: 0 when there was no answer.
    status: int
    #: Path, with its origin where that is another; a query may differ each time.
    place: str
    #: Whether the page has the text that stands for the user.
    names_user: bool
    #: Whether it was led to the provider once more instead.
    led_to_provider: bool = False

    def alike(self, other: "Look") -> bool:
        """Whether both were shown the same page, whoever it names."""
        mine = (self.status, self.place, self.led_to_provider)
        return mine == (other.status, other.place, other.led_to_provider)

    def in_words(self) -> str:
        """What was shown, for a report."""
        if self.led_to_provider:
            return "led to the provider once more"
        return f"{self.status} at {self.place}" if self.status else "no answer"


@dataclass(frozen=True, kw_only=True)
class Yardstick:
    """How somebody who is signed in looks, and somebody who is not."""

    signed_in: Look
    signed_out: Look

    @property
    def tells(self) -> bool:
        """Whether the two can be told apart."""
        named = self.signed_in.names_user and not self.signed_out.names_user
        return named or not self.signed_in.alike(self.signed_out)

    def judge(self, look: Look, *, whoever: bool = False) -> Judged:
        """Whether this one is signed in.

        :param whoever: the page may name somebody else, or nobody.
        """
        if look.led_to_provider or look.status == 0:
            return "refused"
        by_name_only = self.signed_in.alike(self.signed_out)
        if look.alike(self.signed_in):
            if look.names_user or not by_name_only:
                return "let in"
            return "unclear" if whoever else "refused"
        refused = look.status >= 400 or look.alike(self.signed_out)
        return "refused" if refused else "unclear"
