"""How a process works beside its requests, and how it is told to stop."""

import signal
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from threading import Thread
from typing import Protocol


class Loop(Protocol):
    """Works until it is told to stop, and sleeps now and then."""

    def run(self, stop: Event) -> None:
        """Work until `stop` is set."""

    def wake_up(self) -> None:
        """End its sleep, if it sleeps."""


@contextmanager
def told_to_stop() -> Iterator[Callable[[], None]]:
    """Gives a function that waits for Ctrl-C or SIGTERM, also for one that came before.

    The signals are blocked and waited for: a handler that is to wake the main thread
    would now and then run just before it falls asleep, and the signal be lost.
    """
    signals = (signal.SIGINT, signal.SIGTERM)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)

    def wait() -> None:
        signal.sigwait(signals)
        for one in signals:  # a second one, while we are stopping, ends us at once
            signal.signal(one, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

    try:
        yield wait
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def working(*loops: tuple[str, Loop]) -> Iterator[None]:
    """Let these work, each in a thread of that name, until the block ends."""
    stop = Event()
    threads = [Thread(target=one.run, args=(stop,), name=name) for name, one in loops]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for _name, one in loops:
            one.wake_up()
        for thread in threads:
            thread.join()
