"""The key that a test run's tokens are signed with: made while others are imported."""

from concurrent.futures import Future
from functools import cache
from threading import Thread

from joserfc.jwk import RSAKey


@cache
def first_key() -> "Future[RSAKey]":
    """An RSA key, one for all tests of a process: to make one may take half a second.

    Whoever calls this early can do something else meanwhile.
    """
    made: Future[RSAKey] = Future()
    Thread(target=_make, args=(made,), name="first key").start()
    return made


def _make(key: "Future[RSAKey]") -> None:
    key.set_result(RSAKey.generate_key(2048, private=True))
