"""The key that a test run's tokens are signed with: made while others are imported."""

from functools import cache
from threading import Thread

from oauthapp.callers.provider.signing import SigningKey
from oauthapp.callers.provider.signing import generate


class FirstKey(Thread):
    """An RSA key in the making: it may take half a second."""

    def run(self) -> None:
        """Make it."""
        self._made = generate("RS256")

    def key(self) -> SigningKey:
        """The key, as soon as it is made."""
        self.join()
        return self._made


@cache
def first_key() -> FirstKey:
    """One for all tests of a process; whoever calls this early need not wait later."""
    making = FirstKey(name="first key")
    making.start()
    return making
