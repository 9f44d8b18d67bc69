"""How much memory a process with many threads keeps for nothing."""

import os

#: What glibc calls this setting (mallopt(3)), and how many heaps there may be.
_ARENA_MAX = -8
_HEAPS = 2


def share_heaps() -> None:
    """Let the threads of this process share two heaps of the C library.

    glibc begins one for nearly each thread, and what is free in one is of no use to the
    others: a server of 64 threads grows for hours. To be called before there are any.
    Where the C library is another one, or MALLOC_ARENA_MAX is set, it does nothing.
    """
    import ctypes  # five milliseconds that not every process has to spend

    if "MALLOC_ARENA_MAX" in os.environ:
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_ARENA_MAX, _HEAPS)
