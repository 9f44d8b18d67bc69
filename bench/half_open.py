"""Do clients that never finish cost those that do anything?

    python -m bench.half_open --json out.json

`oauthapp app` on either server: normal requests are timed without and with 200
half-open connections, which are begun anew as often as the server ends them: half
never finish their head, half their body. The exit code says whether the server of
`--workers` holds p99 to twice what it is without them.
"""

import argparse
import json
import socket
import statistics
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from threading import Event
from threading import Thread
from typing import Any

from bench.house import House
from bench.house import end
from bench.house import running_house
from bench.house import start
from bench.load import Answers
from bench.load import ask_all
from bench.machine import machine
from bench.messages import signed

Row = dict[str, Any]

#: Of the server whose answers are `--workers`.
HELD = 2.0
#: Seconds until a connection that the server has ended is begun anew.
LOOK = 0.1
#: Seconds that normal requests may take in all.
PATIENCE = 600.0

_HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Never"
_BODY = (
    b"POST /webhooks/demo HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
)
_GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half-open", type=int, default=200)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--requests", type=int, default=2000, help="a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--database", default="sqlite")
    parser.add_argument("--workers", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    result: Row = {"before": machine(), "rows": []}
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as load:
        for workers in asked.workers:
            with running_house(asked.database) as house:
                result["rows"] += measured(house, load, workers, asked)
    result["after"] = machine()
    print(f"before {result['before']}\nafter  {result['after']}")
    if asked.json:
        asked.json.write_text(json.dumps(result, indent=1) + "\n")
    ours = [row for row in result["rows"] if row["workers"]]
    return 0 if all(row["ratio"] <= HELD and not row["lost"] for row in ours) else 1


def measured(
    house: House, load: ProcessPoolExecutor, workers: int, asked: argparse.Namespace
) -> list[Row]:
    """GET /healthz and a webhook that is kept, each without and with them, in turn."""
    options = ("--workers", str(workers)) if workers else ()
    log = house.config.parent / f"app{workers}.log"
    command = ("-m", "oauthapp", "app", "--config", str(house.config), *options)
    app = start(log, *command)
    rows = []
    try:
        for name in ("healthz", "webhook"):
            pairs = []
            for number in range(-1 if workers else 0, asked.rounds if workers else 1):
                # A server that starves answers a few in half a minute.
                few = asked.requests // 2 if workers else asked.connections
                count = asked.requests // 2 + few
                raw = requests(house, name, count, f"{workers}-{number}")
                plain = ask(load, house.port, raw[:-few], asked.connections)
                with half_open(house.port, asked.half_open):
                    held = ask(load, house.port, raw[-few:], asked.connections)
                if number >= 0:  # the first one warms up
                    pairs.append((plain, held))
            rows.append(sum_up(name, workers, pairs))
            print(in_words(rows[-1]), flush=True)
    finally:
        end(app)
    return rows


def requests(house: House, name: str, count: int, prefix: str) -> list[bytes]:
    if name == "healthz":
        return [_GET] * count
    now = time.time()
    return [
        signed(f"half-open-{prefix}-{number}", secret=house.secret, now=now).raw
        for number in range(count)
    ]


def ask(
    load: ProcessPoolExecutor, port: int, raw: list[bytes], connections: int
) -> Answers:
    return load.submit(ask_all, port, raw, connections).result(PATIENCE)


@contextmanager
def half_open(port: int, count: int) -> Iterator[None]:
    """Hold so many of them, until the block ends."""
    held = [begun(port, number) for number in range(count)]
    stop = Event()
    keeper = Thread(target=keep, args=(port, held, stop))
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        keeper.join()
        for one in held:
            one.close()


def begun(port: int, number: int) -> socket.socket:
    one = socket.create_connection(("127.0.0.1", port), timeout=30)
    one.sendall(_BODY if number % 2 else _HEAD)
    one.setblocking(False)
    return one


def keep(port: int, held: list[socket.socket], stop: Event) -> None:
    """Begin those anew that the server has ended."""
    while not stop.wait(LOOK):
        for number, one in enumerate(held):
            if has_ended(one):
                one.close()
                held[number] = begun(port, number)


def has_ended(one: socket.socket) -> bool:
    try:
        one.recv(65536)  # an answer, or the end of all
    except BlockingIOError:
        return False
    except ConnectionError:
        pass
    return True


def sum_up(name: str, workers: int, pairs: list[tuple[Answers, Answers]]) -> Row:
    """Medians over the rounds: of each figure, and of the ratios within a round."""
    row: Row = {"request": name, "workers": workers}
    row["server"] = f"granian, {workers} processes" if workers else "cheroot"
    for key, which in (("", 0), ("held_", 1)):
        for percent in (50, 99):
            found = [percentile(pair[which], percent) for pair in pairs]
            row[f"{key}p{percent}"] = statistics.median(found)
        rates = [len(pair[which].seconds) / pair[which].elapsed for pair in pairs]
        row[f"{key}rate"] = statistics.median(rates)
    ratios = [percentile(held, 99) / percentile(plain, 99) for plain, held in pairs]
    row["ratio"] = statistics.median(ratios)
    row["ratios"] = [round(one, 2) for one in ratios]
    row["worst"] = max(max(held.seconds) for _, held in pairs) * 1000
    row["lost"] = sum(
        not 200 <= status < 300
        for pair in pairs
        for one in pair
        for status in one.statuses
    )
    return row


def percentile(answers: Answers, percent: int) -> float:
    """In milliseconds."""
    ordered = sorted(answers.seconds)
    return ordered[len(ordered) * percent // 100] * 1000


def in_words(row: Row) -> str:
    return (
        f"{row['server']:20} {row['request']:8} "
        f"alone {row['rate']:6.0f}/s p50 {row['p50']:6.1f} p99 {row['p99']:7.1f} ms   "
        f"held {row['held_rate']:6.0f}/s p50 {row['held_p50']:6.1f} "
        f"p99 {row['held_p99']:8.1f} ms, worst {row['worst']:8.1f}   "
        f"p99 ratio {row['ratio']:6.2f} {row['ratios']}, lost {row['lost']}"
    )


if __name__ == "__main__":
    sys.exit(main())
