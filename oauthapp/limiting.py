"""How often may somebody do this? Counted in this process, in a moving window.

Other processes count for themselves: of so many, each allows as much. What is counted
is forgotten when its time is over, and at a restart.
"""

from functools import cached_property
from hashlib import sha256
from ipaddress import IPv6Address
from ipaddress import ip_address
from math import ceil
from typing import TYPE_CHECKING

from oauthapp.clock import Clock

if TYPE_CHECKING:
    from oauthapp.limit_window import Window


class Limit:
    """At most so many in so long, for each of those who are counted apart."""

    def __init__(self, rate: str, clock: Clock) -> None:
        """:param rate: "10/minute"; "" for no limit."""
        self._rate = rate
        self._clock = clock
        self._began = False

    def wait(self, *who: str) -> int:
        """Seconds until one more is free, 0 when one is now; nothing is counted."""
        if not self._rate or not self._began:
            return 0
        until = self._window.free_at(_key(who))
        return max(0, ceil(until - self._clock()))

    def count(self, *who: str) -> int:
        """Count one, if one is free: 0, or the seconds until one is."""
        if not self._rate:
            return 0
        self._began = True
        if self._window.take(_key(who)):
            return 0
        return max(1, self.wait(*who))

    @cached_property
    def _window(self) -> "Window":
        # What stands behind it takes longer to import than a provider to start.
        from oauthapp.limit_window import Window

        return Window(self._rate, self._clock)


class Guesses:
    """Failures of those who have to know a secret.

    An account is counted together with the address that tried it: a stranger's
    failures lock nobody out who is elsewhere. An address is counted by itself, too,
    or it could try one password on every account.
    """

    def __init__(self, *, of_account: Limit, of_address: Limit) -> None:
        self._of_account = of_account
        self._of_address = of_address

    def wait(self, address: str | None, account: str) -> int:
        """Seconds until this address may try this account again, 0 when it may now."""
        where = network(address)
        return max(self._of_address.wait(where), self._of_account.wait(where, account))

    def failed(self, address: str | None, account: str) -> None:
        """Count a failure."""
        where = network(address)
        self._of_account.count(where, account)
        self._of_address.count(where)


def network(address: str | None) -> str:
    """Whose address it is: of IPv6 the first half, for one line has all the rest."""
    try:
        parsed = ip_address(address or "")
    except ValueError:  # a socket of this machine, or what a proxy wrote
        return address or ""
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(IPv6Address(int(parsed) >> 64 << 64))


def _key(who: tuple[str, ...]) -> str:
    """As long for a long name, and none of it: people type passwords there, too."""
    digest = sha256()
    for one in who:
        digest.update(sha256(one.encode("utf-8", "surrogatepass")).digest())
    return digest.hexdigest()
