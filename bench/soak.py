"""Does anything grow while app, provider and worker work for an hour?

    python -m bench.soak --minutes 60 --rate 20 --json soak.json

A steady mixed load of logins, webhooks, requests that are refused and pages; every ten
seconds what each process holds: memory, descriptors, threads; and how large the
databases are. What is kept is kept for a short time, so that it reaches its full size
soon. The first quarter of the time is warm-up. A process is flat when in the last
quarter the median of its own memory is at most 5 % above that of the second quarter,
and it holds at most five descriptors and five threads more.
"""

import argparse
import json
import statistics
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bench.fleet import Fleet
from bench.fleet import running_fleet
from bench.house import House
from bench.house import running_house
from bench.machine import machine
from bench.mixed import Mixed
from bench.processes import held_by
from oauthapp.database import reading

Sample = dict[str, Any]

#: Seconds between two looks.
EVERY = 10.0
USERS = 20
#: How much more is still flat.
MEMORY_MORE = 1.05
FEW_MORE = 5

_SHORT = {
    "app": "login_ttl = 60\nsession_ttl = 120\ninbox_max_bytes = 1000000",
    "provider": "session_ttl = 120\naccess_token_ttl = 60\nrefresh_token_ttl = 120",
    "recorder": "keep_calls = 2000",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--rate", type=float, default=20.0, help="requests a second")
    parser.add_argument(
        "--database", choices=["sqlite", "postgresql"], default="sqlite"
    )
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    result: dict[str, Any] = {"asked": vars(asked) | {"json": str(asked.json)}}
    result |= {"before": machine(), "samples": []}
    with running_house(asked.database) as house:
        for table, settings in _SHORT.items():
            house.tell(table, settings)
        with running_fleet(house, apps=1, providers=1, workers=1, users=USERS) as fleet:
            mixed = Mixed(fleet, rate=asked.rate, users=USERS)
            with mixed.running():
                _watch(fleet, mixed, asked, result)
    result |= {"after": machine(), "load": _told(mixed)}
    result["processes"] = judge(result["samples"])
    _print(result)
    _write(asked.json, result)
    return 0 if all(one["flat"] for one in result["processes"].values()) else 1


def _watch(
    fleet: Fleet, mixed: Mixed, asked: argparse.Namespace, result: dict[str, Any]
) -> None:
    began = time.monotonic()
    for number in range(int(asked.minutes * 60 / EVERY)):
        # A machine that stood still meanwhile has not worked: no look is made up for.
        time.sleep(EVERY)
        result["samples"].append(_sample(fleet, time.monotonic() - began))
        if number % 6 == 5:
            held = {
                name: f"{one['own_kb'] // 1024} MB, {one['descriptors']} descriptors"
                for name, one in result["samples"][-1]["processes"].items()
            }
            print(f"{(number + 1) * EVERY / 60:.0f} min: {held}", flush=True)
            result["load"] = _told(mixed)
            _write(asked.json, result)


def _sample(fleet: Fleet, at: float) -> Sample:
    held = {name: asdict(held_by(fleet.processes[name].pid)) for name in fleet.commands}
    return {
        "at": round(at, 1),
        "database_mb": round(_database_bytes(fleet.house) / 1e6, 2),
        "processes": held,
    }


def _database_bytes(house: House) -> int:
    if house.server is None:
        return sum(one.stat().st_size for one in house.config.parent.glob("*.sqlite*"))
    sizes = text("SELECT sum(pg_database_size(oid)) FROM pg_database")
    with reading(house.database) as connection:
        return int(connection.execute(sizes).scalar_one())


def judge(samples: list[Sample]) -> dict[str, dict[str, Any]]:
    """What each process held in the second and the last quarter, and if it is flat."""
    quarter = max(1, len(samples) // 4)
    early, late = samples[quarter : 2 * quarter], samples[-quarter:]
    warm = samples[quarter:]
    judged = {}
    for name in samples[0]["processes"]:
        before, after = _middle(early, name), _middle(late, name)
        flat = after["own_kb"] <= before["own_kb"] * MEMORY_MORE and all(
            after[what] <= before[what] + FEW_MORE
            for what in ("descriptors", "threads")
        )
        judged[name] = {
            "flat": flat,
            "early": before,
            "late": after,
            "kb_an_hour": _slope(warm, name),
        }
    return judged


def _middle(samples: list[Sample], name: str) -> dict[str, float]:
    rows = [one["processes"][name] for one in samples]
    return {what: statistics.median(row[what] for row in rows) for what in rows[0]}


def _slope(samples: list[Sample], name: str) -> float | None:
    """How its own memory goes up, as a straight line; None for less than two looks."""
    if len(samples) < 2:
        return None
    at = [one["at"] / 3600 for one in samples]
    kb = [one["processes"][name]["own_kb"] for one in samples]
    return round(statistics.linear_regression(at, kb).slope, 1)


def _told(mixed: Mixed) -> dict[str, Any]:
    walked, posted = mixed.walked, mixed.posted
    return {
        "logins": len(walked.sessions),
        "begun_anew": dict(walked.begun_anew),
        "webhooks": posted.finished,
        "repeated": dict(walked.repeated + posted.repeated),
        "wrong": dict(walked.wrong + posted.wrong),
        "others": dict(sorted(mixed.statuses.items())),
    }


def _print(result: dict[str, Any]) -> None:
    print(f"before {result['before']}\nafter  {result['after']}\n{result['load']}")
    sizes = [one["database_mb"] for one in result["samples"]]
    print(f"databases {sizes[0]} MB after {EVERY:.0f} s, {sizes[-1]} MB in the end")
    for name, one in result["processes"].items():
        early, late = one["early"], one["late"]
        print(
            f"{name:12} {early['own_kb'] / 1024:6.1f} -> "
            f"{late['own_kb'] / 1024:6.1f} MB ({one['kb_an_hour']} kB an hour), "
            f"descriptors {early['descriptors']:.0f} -> {late['descriptors']:.0f}, "
            f"threads {early['threads']:.0f} -> {late['threads']:.0f}: "
            f"{'flat' if one['flat'] else 'NOT FLAT'}",
            flush=True,
        )


def _write(path: Path | None, result: dict[str, Any]) -> None:
    if path:
        path.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
