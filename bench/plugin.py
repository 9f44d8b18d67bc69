"""What does the plugin cost a suite that uses none of it?

    python -m bench.plugin

`pytest --collect-only` of an empty folder with and without it, in turn; the exit code
says whether it costs no more than `MOST`.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

#: Milliseconds.
MOST = 50
WITH = ("-p", "oauthapp.pytest_plugin")
#: Nor is any other loaded of those that happen to be installed.
WITHOUT = ("-p", "no:oauthapp.pytest_plugin")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=25)
    asked = parser.parse_args()
    rounds, cpu = [], []
    with tempfile.TemporaryDirectory() as folder:
        collect(folder, WITH)  # compiles it
        for _ in range(asked.rounds):
            with_it, without = collect(folder, WITH), collect(folder, WITHOUT)
            rounds.append((with_it[0], without[0]))
            cpu.append((with_it[1], without[1]))
    more = _told("in all", rounds)
    _told("processor", cpu)
    print(f"medians of {asked.rounds}, load {os.getloadavg()[0]:.1f}")
    return int(more > MOST)


def _told(name: str, rounds: list[tuple[float, float]]) -> float:
    """How much more it is with it, in pairs."""
    with_it, without = (statistics.median(times) for times in zip(*rounds, strict=True))
    more = statistics.median(one - other for one, other in rounds)
    print(f"{name}: with {with_it:.0f} ms, without {without:.0f} ms, {more:+.1f} ms")
    return more


def collect(folder: str, plugin: tuple[str, ...]) -> tuple[float, float]:
    """Milliseconds that one run takes, and those of them on the processor."""
    began, before = time.perf_counter(), _children()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--collect-only", *plugin, folder],
        cwd=folder,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        stdout=subprocess.DEVNULL,
    )
    if done.returncode != 5:  # no tests collected
        raise SystemExit(f"pytest ended with {done.returncode}")
    return (time.perf_counter() - began) * 1000, (_children() - before) * 1000


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
