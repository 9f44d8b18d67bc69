"""How soon does a provider answer, and how many logins a second does it take?

    python -m bench.provider --iam-python VENV/bin/python --json out.json

Ours and other people's, each a process of its own, all in turn in each round.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from bench.logins import log_in
from bench.machine import cpu_seconds
from bench.machine import machine
from bench.parties import Party
from bench.parties import parties

Row = dict[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--logins", type=int, default=40, help="a round")
    parser.add_argument("--iam-python", help="of a venv with pytest-iam in it")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    found = list(parties(asked.iam_python))
    rounds: dict[str, list[Row]] = {one.name: [] for one in found}
    before = machine()
    for one in found:  # compiles its modules
        one_round(one, logins=1)
    for _ in range(asked.rounds):
        for one in found:
            rounds[one.name].append(one_round(one, asked.logins))
    result = {"before": before, "rounds": rounds, "after": machine()}
    _print(found, rounds)
    print(f"before {result['before']}\nafter  {result['after']}")
    if asked.json:
        asked.json.write_text(json.dumps(result, indent=1) + "\n")
    return 0


def one_round(one: Party, logins: int) -> Row:
    """Start it, warm it up by three logins, and then count."""
    began = time.perf_counter()
    with one.running() as (process, metadata):
        ready = time.perf_counter() - began
        ready_cpu = cpu_seconds(process)
        log_in(metadata)
        first_login = time.perf_counter() - began
        for _ in range(2):
            login = log_in(metadata)
        cpu, began = cpu_seconds(process), time.perf_counter()
        for _ in range(logins):
            log_in(metadata)
        took = time.perf_counter() - began
        return {
            "ready": ready,
            "ready_cpu": ready_cpu,
            "first_login": first_login,
            "rate": logins / took,
            "cpu": (cpu_seconds(process) - cpu) / logins,
            "requests": login.requests,
        }


def _print(found: list[Party], rounds: dict[str, list[Row]]) -> None:
    """Medians; and of each ratio to ours, the median of those within a round."""
    print(
        f"{'':30} ready s (CPU s)  ratio (CPU)   first login s  ratio   logins/s  ratio"
        "   CPU ms a login   requests a login"
    )
    for one in found:
        rows, ours = rounds[one.name], rounds[one.beside]
        print(
            f"{one.name:30} {_median(rows, 'ready'):7.2f} "
            f"({_median(rows, 'ready_cpu'):5.2f}) {_ratio(rows, ours, 'ready'):6.2f} "
            f"({_ratio(rows, ours, 'ready_cpu'):4.2f}) "
            f"{_median(rows, 'first_login'):14.2f} "
            f"{_ratio(rows, ours, 'first_login'):6.2f} "
            f"{_median(rows, 'rate'):10.1f} {_ratio(rows, ours, 'rate'):6.2f} "
            f"{_median(rows, 'cpu') * 1000:16.1f} {rows[0]['requests']:18}"
        )


def _median(rows: list[Row], name: str) -> float:
    return statistics.median(row[name] for row in rows)


def _ratio(rows: list[Row], ours: list[Row], name: str) -> float:
    pairs = zip(rows, ours, strict=True)
    return statistics.median(row[name] / our[name] for row, our in pairs)


if __name__ == "__main__":
    sys.exit(main())
