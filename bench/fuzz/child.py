"""One target in the hands of libFuzzer: `python -m bench.fuzz.child TARGET [options]`.

A process of its own, since libFuzzer ends the one that it runs in.
"""

import sys
import time

import atheris

from bench.fuzz.targets import TARGETS

#: What is instrumented: our code, and what reads for us in Python.
INSTRUMENTED = ["oauthapp", "tomllib", "werkzeug.formparser", "werkzeug.sansio"]

with atheris.instrument_imports(include=INSTRUMENTED):
    try_once = TARGETS[sys.argv[1]].load()

#: Seconds of processor time for one input; the slowest good one takes a twentieth.
PATIENCE = 1.0


def timed(raw: bytes) -> None:
    """Try it, and see that it took no longer than it may on a machine of its own."""
    began = time.process_time()
    try_once(raw)
    took = time.process_time() - began
    assert took < PATIENCE, f"took {took:.1f} s"


if __name__ == "__main__":
    atheris.Setup([sys.argv[0], *sys.argv[2:]], timed)
    atheris.Fuzz()
