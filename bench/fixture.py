"""How long does a test wait for its provider, once its modules are imported?

    python -m bench.fixture

The first one of a process makes the tables, the others copy them.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time

from oauthapp.clock import MovableClock
from oauthapp.testing.config import OauthappConfig
from oauthapp.testing.house import open_house

#: Milliseconds.
MOST = 50
#: In each process.
FIXTURES = 10


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=15)
    parser.add_argument("--one", action="store_true", help="be such a process")
    asked = parser.parse_args()
    if asked.one:
        print(*(f"{ready():.2f}" for _ in range(FIXTURES)))
        return 0
    found = [_in_a_process() for _ in range(asked.processes)]
    first = statistics.median(one[0] for one in found)
    later = statistics.median(ms for one in found for ms in one[1:])
    print(f"first {first:.1f} ms, later {later:.1f} ms, load {os.getloadavg()[0]:.1f}")
    return int(first > MOST)


def ready() -> float:
    """Milliseconds until a provider takes requests."""
    began = time.perf_counter()
    with open_house(OauthappConfig(), MovableClock()) as house:
        assert house.provider()
        return (time.perf_counter() - began) * 1000


def _in_a_process() -> list[float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.fixture", "--one"],
        check=True,
        capture_output=True,
        text=True,
    )
    return [float(ms) for ms in done.stdout.split()]


if __name__ == "__main__":
    sys.exit(main())
