"""Waiting for what is to come, and no longer than it takes."""

import time
from collections.abc import Callable

#: Seconds to wait for it.
PATIENCE = 60.0


def until(holds: Callable[[], bool]) -> None:
    """Return as soon as it holds.

    :raises AssertionError: it never does.
    """
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"did not come in {PATIENCE} s"
        time.sleep(0.02)
