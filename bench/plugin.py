"""What does the plugin cost a suite that uses none of it?

    python -m bench.plugin

`pytest --collect-only` of an empty folder with and without it, in turn.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 25
WITH = ["-p", "oauthapp.pytest_plugin"]
WITHOUT = ["-p", "no:oauthapp.pytest_plugin"]


def main() -> None:
    took: dict[str, list[float]] = {"with": [], "without": []}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            took["with"].append(collect(folder, WITH))
            took["without"].append(collect(folder, WITHOUT))
    ms = {name: statistics.median(times) * 1000 for name, times in took.items()}
    pairs = zip(took["with"], took["without"], strict=True)
    more = statistics.median(one - other for one, other in pairs) * 1000
    print(f"with {ms['with']:.0f} ms, without {ms['without']:.0f} ms: {more:+.1f} ms")
    print(f"load {os.getloadavg()[0]:.1f}; medians of {ROUNDS}, of pairs the last one")


def collect(folder: str, plugin: list[str]) -> float:
    """Seconds that one run takes."""
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--collect-only", *plugin, folder],
        cwd=folder,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
