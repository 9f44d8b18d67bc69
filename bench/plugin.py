"""What does the plugin cost a suite that uses none of it?

    python -m bench.plugin

`pytest --collect-only` of an empty folder with and without it, in turn; the exit code
says whether it costs no more than `MOST`.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

#: Milliseconds.
MOST = 50
WITH = ("-p", "oauthapp.pytest_plugin")
#: Neither where it is installed, and would be loaded all the same.
WITHOUT = ("-p", "no:oauthapp.pytest_plugin")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=25)
    asked = parser.parse_args()
    rounds = []
    with tempfile.TemporaryDirectory() as folder:
        collect(folder, WITH)  # compiles it
        for _ in range(asked.rounds):
            rounds.append((collect(folder, WITH), collect(folder, WITHOUT)))
    with_it, without = (statistics.median(times) for times in zip(*rounds, strict=True))
    more = statistics.median(one - other for one, other in rounds)
    print(f"with {with_it:.0f} ms, without {without:.0f} ms; in pairs {more:+.1f} ms")
    print(f"medians of {asked.rounds}, load {os.getloadavg()[0]:.1f}")
    return int(more > MOST)


def collect(folder: str, plugin: tuple[str, ...]) -> float:
    """Milliseconds that one run takes."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--collect-only", *plugin, folder],
        cwd=folder,
        stdout=subprocess.DEVNULL,
    )
    if done.returncode != 5:  # no tests collected
        raise SystemExit(f"pytest ended with {done.returncode}")
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    sys.exit(main())
