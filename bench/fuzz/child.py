"""One target in the hands of libFuzzer: `python -m bench.fuzz.child TARGET [options]`.

A process of its own, since libFuzzer ends the one that it runs in.
"""

import sys

import atheris

from bench.fuzz.targets import TARGETS

#: What is instrumented: our code, and what reads for us in Python.
INSTRUMENTED = ["oauthapp", "tomllib", "werkzeug.formparser", "werkzeug.sansio"]

with atheris.instrument_imports(include=INSTRUMENTED):
    try_once = TARGETS[sys.argv[1]].load()

if __name__ == "__main__":
    atheris.Setup([sys.argv[0], *sys.argv[2:]], lambda raw: try_once(raw) and None)
    atheris.Fuzz()
