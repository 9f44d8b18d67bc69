"""Is a webhook that was answered 204 kept and given its effect, whatever is killed?

    python -m bench.kill_webhook --kills 50 --json out.json

Senders post without pause and repeat what was not acknowledged. Meanwhile the app
and two workers are killed (`kill -9`) in random order at random moments and started
again. In the end: answered 204 = kept = given effect, each once.
"""

import argparse
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from dataclasses import dataclass
from pathlib import Path

from bench.house import House
from bench.house import end
from bench.house import running_house
from bench.ledger import Ledger
from bench.sender import Senders

#: Seconds within which the last message must have had its effect.
PATIENCE = 60.0
#: Processes, and the command that starts each.
PARTS = {"app": "app", "worker-1": "worker", "worker-2": "worker"}

Processes = dict[str, subprocess.Popen[bytes]]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a run showed."""

    database: str
    seed: int
    kills: dict[str, int]
    #: Posts, also those that were not answered, and messages answered 204.
    posts: int
    acknowledged: int
    kept: int
    effects: int
    #: Effects beyond the first of a message, and messages without theirs.
    repeated: int
    missing: int
    #: Answered 204 and not kept; kept and never answered 204.
    lost: int
    unacknowledged: int
    #: The longest time from kept to effect, in seconds.
    longest: float

    @property
    def sound(self) -> bool:
        wrong = self.repeated + self.missing + self.lost + self.unacknowledged
        return wrong == 0 and self.acknowledged == self.kept == self.effects > 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--senders", type=int, default=8)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    outcomes = []
    for kind in asked.databases:
        outcomes.append(
            run(kind, kills=asked.kills, seed=asked.seed, senders=asked.senders)
        )
        print(outcomes[-1], "sound" if outcomes[-1].sound else "NOT SOUND", flush=True)
    if asked.json:
        asked.json.write_text(json.dumps([asdict(one) for one in outcomes], indent=1))
    return 0 if all(one.sound for one in outcomes) else 1


def run(
    kind: str, *, kills: int, seed: int, senders: int, pause: float = 0.0
) -> Outcome:
    """Post, kill and start again, and count what came of it."""
    dice, killed = random.Random(seed), Counter[str]()
    with running_house(kind) as house:
        ledger = Ledger(house.database)
        sending = Senders(house, senders, pause=pause)
        with _running(house) as processes, sending:
            for number in range(kills):
                name = dice.choice(list(PARTS))
                sending.wait_for_more(dice.randint(1, 40), seconds=PATIENCE)
                time.sleep(dice.uniform(0.0, 0.3))
                killed[name] += 1
                processes[name].kill()
                processes[name].wait()
                processes[name] = _start(house, name)
                if kills >= 10 and number % 10 == 9:
                    print(f"{kind}: {number + 1} kills", file=sys.stderr, flush=True)
            sending.stop()
            _wait_until_settled(house)
        return _count(kind, seed, house, ledger, sending, killed)


def _count(
    kind: str,
    seed: int,
    house: House,
    ledger: Ledger,
    sending: Senders,
    killed: Counter[str],
) -> Outcome:
    kept, effects = set(house.ids()), ledger.effects()
    return Outcome(
        database=kind,
        seed=seed,
        kills=dict(killed),
        posts=sending.posts,
        acknowledged=len(sending.acknowledged),
        kept=len(kept),
        effects=sum(effects.values()),
        repeated=sum(effects.values()) - len(effects),
        missing=len(kept - set(effects)),
        lost=len(sending.acknowledged - kept),
        unacknowledged=len(kept - sending.acknowledged),
        longest=round(ledger.longest(), 2),
    )


@contextmanager
def _running(house: House) -> Iterator[Processes]:
    processes = {name: _start(house, name) for name in PARTS}
    try:
        yield processes
    finally:
        for process in processes.values():
            end(process)


def _start(house: House, name: str) -> subprocess.Popen[bytes]:
    return house.start(PARTS[name], log=name)


def _wait_until_settled(house: House) -> None:
    until = time.monotonic() + PATIENCE
    while house.count("pending") and time.monotonic() < until:
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
