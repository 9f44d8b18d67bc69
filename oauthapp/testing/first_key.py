"""The key that a test run's tokens are signed with: made while a test goes on."""

from threading import Lock
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


_lock = Lock()
_first = FirstKey(name="first key")


def first_key() -> FirstKey:
    """One for all tests of a process; whoever calls this early need not wait later."""
    with _lock:
        if _first.ident is None:
            _first.start()
    return _first


def settle() -> None:
    """Wait until it is made, if it was begun: no thread outlives its test."""
    if _first.ident is not None:
        _first.join()
