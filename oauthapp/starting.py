"""How a start is made short."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def keeping_all() -> Iterator[None]:
    """Look for no garbage until the block ends: what is imported stays.

    To look through it again and again takes a tenth of the time of a start. At the end
    it counts as old, for whatever is young is looked through as soon as looking begins.
    """
    looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if not gc.get_freeze_count():  # else somebody's frozen objects would thaw
            gc.freeze()
            gc.unfreeze()  # into the oldest generation
        if looking:
            gc.enable()
