"""Does anything stay behind when 500 tests use the fixtures, two at a time?

    python -m bench.leaks --seed 7

In random order. Each test uses one to three of the fixtures and looks at its process
before and after: threads, open files, listening ports and folders must be as many as
before, and what one test changed at its provider no other may see.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).with_name("peers") / "test_leaks.py"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(10_000))
    parser.add_argument("--processes", default="2")
    asked = parser.parse_args()
    print(f"seed {asked.seed}, load {os.getloadavg()[0]:.1f}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-c", TESTS.parent / "pytest.ini"),
                *("-p", "oauthapp.pytest_plugin", "-p", "no:cacheprovider"),
                *("-p", "bench.shuffled", f"--seed={asked.seed}"),
                *("-W", "error", "-n", asked.processes, "-q"),
                *(f"--basetemp={folder}/base", TESTS),
            ]
        )
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
