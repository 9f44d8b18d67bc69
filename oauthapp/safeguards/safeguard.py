"""What is a safeguard? What has to hold before a call is believed."""

from dataclasses import dataclass

from oauthapp.kinds import Kind


@dataclass(frozen=True, kw_only=True)
class Safeguard:
    """One check of the app: what it keeps out, and how one sees that it does."""

    #: Stable. That of the function in a table of checks, where it stands in one; what
    #: is asked of a token begins with the token's name.
    name: str
    kind: Kind
    #: What holds, in a few words.
    title: str
    #: What somebody could do if it did not, in one sentence.
    attack: str
    #: Where it is demanded.
    source: str
    #: Reason code of the calls that it stops.
    reason: str
    #: What it stops comes in all the same, but without what was bad about it.
    lets_go_on: bool = False
    #: Reason code of the calls that came in because it was off; "": as `reason`.
    reason_when_off: str = ""
    #: Why it cannot be switched off; "" where it can.
    always_on: str = ""

    @property
    def held(self) -> str:
        """What becomes of a call that it stops, in the words of `Fault.outcome`."""
        return f"{'accepted' if self.lets_go_on else 'refused'} {self.reason}"

    @property
    def let_through(self) -> str:
        """What becomes of the same call when it is off."""
        return f"accepted {self.reason_when_off or self.reason}"
