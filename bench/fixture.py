"""How long does a test wait for its provider, once its modules are imported?

    python -m bench.fixture

The first one of a process makes the tables, the others copy them.
"""

import argparse
import json
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
        print(json.dumps([ready() for _ in range(FIXTURES)]))
        return 0
    found = [_in_a_process() for _ in range(asked.processes)]
    first = _told("first", [one[0] for one in found])
    _told("later", [ready for one in found for ready in one[1:]])
    print(f"medians, load {os.getloadavg()[0]:.1f}")
    return int(first > MOST)


def _told(name: str, times: list[tuple[float, float]]) -> float:
    took, cpu = (statistics.median(ms) for ms in zip(*times, strict=True))
    print(f"{name}: {took:.1f} ms, {cpu:.1f} ms of them on the processor")
    return took


def ready() -> tuple[float, float]:
    """Milliseconds until a provider takes requests, and those on the processor."""
    began, before = time.perf_counter(), time.process_time()
    with open_house(OauthappConfig(), MovableClock()) as house:
        assert house.provider()
        took, cpu = time.perf_counter() - began, time.process_time() - before
    return took * 1000, cpu * 1000


def _in_a_process() -> list[tuple[float, float]]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.fixture", "--one"],
        check=True,
        capture_output=True,
        text=True,
    )
    return [(took, cpu) for took, cpu in json.loads(done.stdout)]


if __name__ == "__main__":
    sys.exit(main())
