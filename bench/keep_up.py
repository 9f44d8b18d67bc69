"""Does one worker keep up while webhooks go on coming?

    python -m bench.keep_up --json out.json

The inbox is filled beforehand, so that there is always something to do. Then the app
receives what comes over some connections while one worker empties the inbox: how many
each managed a second, at the same time, and whether each effect came once.
"""

import argparse
import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.house import House
from bench.house import end
from bench.house import running_house
from bench.ledger import Ledger
from bench.load import ask_all
from bench.machine import cpu_seconds
from bench.machine import machine
from bench.messages import signed
from oauthapp.inserting import insert_each_once
from oauthapp.schema.app import inbox

Row = dict[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--waiting", type=int, default=30_000, help="beforehand")
    parser.add_argument("--messages", type=int, default=10_000, help="to receive")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    result: Row = {"before": machine(), "rows": []}
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as load:
        for kind in asked.databases:
            with running_house(kind) as house:
                result["rows"].append(keep_up(kind, house, load, asked))
    result["after"] = machine()
    print(f"before {result['before']}\nafter  {result['after']}")
    if asked.json:
        asked.json.write_text(json.dumps(result, indent=1) + "\n")
    return 0 if all(row["sound"] for row in result["rows"]) else 1


def keep_up(
    kind: str, house: House, load: ProcessPoolExecutor, asked: argparse.Namespace
) -> Row:
    """Both at once, then the rest, then what the database says of the effects."""
    ledger = Ledger(house.database)
    _fill(house, asked.waiting)
    raw = [
        signed(f"new-{number}", secret=house.secret, now=time.time()).raw
        for number in range(asked.messages)
    ]
    app, worker = house.start("app"), house.start("worker")
    cpu, done = cpu_seconds(worker), house.count("done")
    answers = load.submit(ask_all, house.port, raw, asked.connections).result()
    done, cpu = house.count("done") - done, cpu_seconds(worker) - cpu
    left = house.count("pending")
    while house.count("pending"):
        time.sleep(0.1)
    end(worker)
    end(app)
    effects = ledger.effects()
    row = {
        "database": kind,
        "received": len(raw) / answers.elapsed,
        "processed": done / answers.elapsed,
        "worker_cpu": cpu / max(done, 1) * 1000,
        "left": left,
        "effects": sum(effects.values()),
        "sound": answers.statuses == [204] * len(raw)
        and sorted(effects.elements()) == sorted(house.ids())
        and len(effects) == asked.waiting + asked.messages,
    }
    print(
        f"{kind:14} {row['received']:.0f} received/s while {row['processed']:.0f} "
        f"processed/s ({row['worker_cpu']:.2f} ms of CPU each), {left} left then, "
        f"{row['effects']} effects in the end, "
        f"{'each once' if row['sound'] else 'NOT SOUND'}",
        flush=True,
    )
    return row


def _fill(house: House, messages: int) -> None:
    """As the app keeps them, without the way there."""
    now = time.time()
    fixed = {"event_type": "session.created", "received_at": now, "status": "pending"}
    for start in range(0, messages, 100):
        some = [
            signed(f"old-{number}", secret=house.secret, now=now)
            for number in range(start, min(start + 100, messages))
        ]
        rows = [
            {"source": "demo", "message_id": one.message_id, "timestamp": int(now)}
            | {"body": one.body, **fixed, "tries": 0, "due_at": now, "reason": ""}
            for one in some
        ]
        insert_each_once(house.database, inbox, rows)


if __name__ == "__main__":
    sys.exit(main())
