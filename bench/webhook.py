"""What does it cost to keep a webhook for good before saying so?

    python -m bench.webhook --json out.json

`oauthapp app` (verify, keep, 204) against a bare Flask view on the same server, in
the same run, in turn; then how fast `oauthapp worker` gives kept messages effect.
"""

import argparse
import json
import statistics
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.house import House
from bench.house import end
from bench.house import running_house
from bench.house import start
from bench.load import Answers
from bench.load import ask_all
from bench.machine import cpu_seconds
from bench.machine import machine
from bench.messages import Request
from bench.messages import make_requests
from bench.messages import signed
from bench.messages import unique_good
from tests.postgresql import free_port

Row = dict[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, nargs="+", default=[4, 16, 64])
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--requests", type=int, default=3000, help="a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", type=int, help="serve both by so many processes")
    parser.add_argument(
        "--lane", action="store_true", help="one thread answers for the bare view, too"
    )
    parser.add_argument("--messages", type=int, default=10_000, help="to process")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    result: Row = {"before": machine(), "receive": [], "process": []}
    context = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as load:
        for kind in asked.databases:
            with running_house(kind) as house:
                result["receive"] += receive(kind, house, load, asked)
                if asked.messages:
                    result["process"].append(process(kind, house, load, asked.messages))
    result["after"] = machine()
    print(f"before {result['before']}\nafter  {result['after']}")
    if asked.json:
        asked.json.write_text(json.dumps(result, indent=1) + "\n")
    sound = all(row["sound"] for row in result["receive"] + result["process"])
    return 0 if sound else 1


def receive(
    kind: str, house: House, load: ProcessPoolExecutor, asked: argparse.Namespace
) -> list[Row]:
    """Both servers in turn, `rounds` times for each number of connections."""
    bare_port = free_port()
    many = [str(asked.workers)] if asked.workers else []
    log = house.config.parent / "bare.log"
    lane = ["lane"] if asked.lane else []
    bare = start(log, "-m", "bench.bare", str(bare_port), *(many or lane))
    app = house.start("app", *(["--workers", *many] if many else []))
    rows = []
    try:
        for connections in asked.connections:
            rounds = []
            for number in range(-1, asked.rounds):  # the first one warms up
                prefix = f"{kind}-{connections}-{number + 1}-"
                requests = make_requests(
                    asked.requests if number >= 0 else 400,
                    secret=house.secret,
                    now=time.time(),
                    prefix=prefix,
                    seed=number,
                )
                raw = [one.raw for one in requests]
                began = cpu_seconds(bare), cpu_seconds(app)
                plain = load.submit(ask_all, bare_port, raw, connections).result()
                ours = load.submit(ask_all, house.port, raw, connections).result()
                if number < 0:
                    continue
                cpu = {
                    "bare_cpu": (cpu_seconds(bare) - began[0]) / len(raw) * 1000,
                    "cpu": (cpu_seconds(app) - began[1]) / len(raw) * 1000,
                }
                compared = _compare(house, prefix, requests, plain, ours)
                rounds.append(compared | cpu)
            rows.append(_sum_up(kind, connections, rounds))
            _print_receive(rows[-1], first=len(rows) == 1)
    finally:
        end(app)
        end(bare)
    return rows


def _compare(
    house: House, prefix: str, requests: list[Request], plain: Answers, ours: Answers
) -> Row:
    kept = [one for one in house.ids() if one.startswith(prefix)]
    right = ours.statuses == [one.expected for one in requests]
    return {
        "bare_rate": len(requests) / plain.elapsed,
        "rate": len(requests) / ours.elapsed,
        **{f"bare_{name}": value for name, value in _times(plain).items()},
        **_times(ours),
        "server_errors": sum(status >= 500 or not status for status in ours.statuses),
        "sound": right and sorted(kept) == sorted(unique_good(requests)),
    }


def _times(answers: Answers) -> Row:
    ms = sorted(second * 1000 for second in answers.seconds)
    return {"p50": ms[len(ms) // 2], "p99": ms[len(ms) * 99 // 100]}


def _sum_up(kind: str, connections: int, rounds: list[Row]) -> Row:
    """Medians over the rounds: of each figure, and of the ratios within a round."""
    names = [name for name in rounds[0] if isinstance(rounds[0][name], float)]
    row: Row = {"database": kind, "connections": connections}
    row |= {name: statistics.median(one[name] for one in rounds) for name in names}
    for name in ("rate", "cpu", "p50", "p99"):
        ratios = [one[name] / one[f"bare_{name}"] for one in rounds]
        row[f"{name}_ratio"] = statistics.median(ratios)
        row[f"{name}_ratios"] = [round(ratio, 3) for ratio in ratios]
    row["server_errors"] = sum(one["server_errors"] for one in rounds)
    row["sound"] = all(one["sound"] for one in rounds)
    return row


def _print_receive(row: Row, *, first: bool) -> None:
    if first:
        print(
            "               conn   bare/s  ours/s ratio    p50 ms ratio    p99 ms ratio"
        )
    print(
        f"{row['database']:14} {row['connections']:4} {row['bare_rate']:8.0f} "
        f"{row['rate']:7.0f} {row['rate_ratio']:5.2f} "
        f"{row['p50']:9.1f} {row['p50_ratio']:5.2f} "
        f"{row['p99']:9.1f} {row['p99_ratio']:5.2f}  "
        f"CPU {row['bare_cpu']:.2f} and {row['cpu']:.2f} ms, "
        f"5xx {row['server_errors']}, {'sound' if row['sound'] else 'NOT SOUND'}",
        flush=True,
    )


def process(kind: str, house: House, load: ProcessPoolExecutor, messages: int) -> Row:
    """Fill the inbox while no worker runs, then time one worker emptying it."""
    app = house.start("app")
    prefix = f"{kind}-work-"
    raw = [
        signed(f"{prefix}{number}", secret=house.secret, now=time.time()).raw
        for number in range(messages)
    ]
    answers = load.submit(ask_all, house.port, raw, 16).result()
    end(app)
    waiting = house.count("pending")
    worker = house.start("worker")
    began = time.perf_counter()
    while house.count("pending"):
        time.sleep(0.05)
    seconds = time.perf_counter() - began
    end(worker)
    effects = house.effects()
    row = {
        "database": kind,
        "messages": waiting,
        "seconds": seconds,
        "rate": waiting / seconds,
        "effects": len(effects),
        "sound": answers.statuses == [204] * messages
        and sorted(effects) == sorted(house.ids()),
    }
    print(
        f"{kind:14} {waiting} messages processed in {seconds:.1f} s: "
        f"{row['rate']:.0f}/s, {len(effects)} effects, "
        f"{'sound' if row['sound'] else 'NOT SOUND'}",
        flush=True,
    )
    return row


if __name__ == "__main__":
    sys.exit(main())
