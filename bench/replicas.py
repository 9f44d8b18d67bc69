"""Do many replicas on one PostgreSQL keep what they promise while they are killed?

    python -m bench.replicas --json replicas.json

Three replicas of the app, two of the provider and two workers, behind balancers. Logins
begin at one replica and end at another; of the webhooks one in ten is badly signed and
one in ten an earlier one again. Meanwhile processes are killed (`kill -9`) at random,
seeded moments, now and then two at once, and started again. In the end `invariants.py`
says what does not hold; the exit code says whether anything.
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import func
from sqlalchemy import select

from bench.crowd import Crowd
from bench.crowd import telling
from bench.fleet import Fleet
from bench.fleet import running_fleet
from bench.house import running_house
from bench.invariants import Promised
from bench.invariants import broken_deliveries
from bench.invariants import broken_logins
from bench.invariants import broken_messages
from bench.invariants import published_ids
from bench.ledger import Ledger
from bench.machine import machine
from oauthapp.database import reading
from oauthapp.schema.sender import attempts
from oauthapp.schema.sender import deliveries

#: Seconds within which the last message and delivery must be settled.
PATIENCE = 300.0
#: Of a hundred times that one is killed, how often another one is, too.
TWO_AT_ONCE = 20
#: How many sign in and send at the same time.
PEOPLE, SENDERS = 12, 12
USERS = 200

Result = dict[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="postgresql", metavar="KIND")
    parser.add_argument("--logins", type=int, default=10_000)
    parser.add_argument("--webhooks", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--apps", type=int, default=3)
    parser.add_argument("--providers", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    result = {"before": machine()} | run(
        asked.database,
        logins=asked.logins,
        webhooks=asked.webhooks,
        kills=asked.kills,
        seed=asked.seed,
        replicas=(asked.apps, asked.providers, asked.workers),
    )
    result["after"] = machine()
    print(json.dumps(result, indent=1))
    if asked.json:
        asked.json.write_text(json.dumps(result, indent=1) + "\n")
    return 0 if sound(result) else 1


def sound(result: Result) -> bool:
    """Whether everything held."""
    return not result["broken"] and not result["wrong"]


def run(
    database: str,
    *,
    logins: int,
    webhooks: int,
    kills: int,
    seed: int,
    replicas: tuple[int, int, int] = (3, 2, 2),
) -> Result:
    """Sign in, send, kill and start again, and look what came of it."""
    apps, providers, workers = replicas
    with running_house(database) as house:
        # Else a delivery that was lost twice would be tried again in five minutes.
        text = house.config.read_text()
        house.config.write_text(
            text.replace("clock_factor = 1.0", "clock_factor = 60.0")
        )
        ledger = Ledger(house.database)
        with running_fleet(
            house, apps=apps, providers=providers, workers=workers, users=USERS
        ) as fleet:
            crowd = Crowd(fleet, logins=logins, webhooks=webhooks, users=USERS)
            with telling(crowd):
                crowd.start(people=PEOPLE if logins else 0, senders=SENDERS)
                killed = kill_now_and_then(fleet, crowd, kills, random.Random(seed))
                crowd.join()
            settled = until_settled(fleet)
            return _result(fleet, crowd, ledger) | {
                "database": database,
                "seed": seed,
                "kills": sum(killed.values()),
                "killed": dict(sorted(killed.items())),
                "settled_s": settled,
            }


def kill_now_and_then(
    fleet: Fleet, crowd: Crowd, kills: int, dice: random.Random
) -> Counter[str]:
    """Spread over what is to be done, as long as there is any: who was killed."""
    killed = Counter[str]()
    names = list(fleet.commands)
    while (number := sum(killed.values())) < kills:
        moment = (number + dice.random()) / kills
        while crowd.progress() < moment:
            time.sleep(0.01)
        if crowd.progress() == 1.0:
            break
        some = dice.sample(names, 2 if dice.randrange(100) < TWO_AT_ONCE else 1)
        for name in some:
            fleet.kill(name)
        fleet.start_all(some)
        killed.update(some)
    return killed


def until_settled(fleet: Fleet) -> float | None:
    """Seconds until nothing waits any more; None when patience ends before."""
    began = time.monotonic()
    waiting = select(func.count()).where(deliveries.c.status == "pending")
    while time.monotonic() - began < PATIENCE:
        with reading(fleet.provider_database) as connection:
            on_their_way = connection.execute(waiting).scalar_one()
        if not on_their_way and not fleet.house.count("pending"):
            return round(time.monotonic() - began, 2)
        time.sleep(0.2)
    return None


def _result(fleet: Fleet, crowd: Crowd, ledger: Ledger) -> Result:
    app, provider = fleet.house.database, fleet.provider_database
    walked, posted = crowd.walked(), crowd.posted()
    promised = Promised(
        acknowledged=posted.acknowledged,
        forged=posted.forged,
        sessions=walked.sessions,
        unanswered=walked.unanswered,
    )
    published = published_ids(provider)
    crashed = {"answered 500": walked.statuses[500] + posted.statuses[500]}
    seconds = crowd.seconds
    tries = select(func.count()).select_from(attempts)
    with reading(provider) as connection:
        tried = connection.execute(tries).scalar_one()
    return {
        "logins": len(walked.sessions),
        "logins_per_s": _rate(len(walked.sessions), seconds["logins"]),
        "logins_begun_anew": dict(walked.begun_anew),
        "callbacks_refused": dict(walked.refused),
        "callbacks_unanswered": walked.unanswered,
        "pages_repeated": dict(walked.repeated),
        "webhooks": posted.finished,
        "webhooks_per_s": _rate(posted.finished, seconds["webhooks"]),
        "webhooks_kept": len(posted.acknowledged),
        "webhooks_refused": dict(posted.refused),
        "webhooks_repeated": dict(posted.repeated),
        "events_published": len(published),
        "delivery_attempts": tried,
        "longest_to_effect_s": round(ledger.longest(), 2),
        "seconds": {name: round(value, 1) for name, value in seconds.items()},
        "wrong": dict(walked.wrong + posted.wrong + Counter(crashed)),
        "broken": broken_messages(app, ledger, promised, others=published)
        | broken_logins(app, provider, promised)
        | broken_deliveries(app, provider),
    }


def _rate(number: int, seconds: float) -> float:
    return round(number / seconds, 1) if seconds else 0.0


if __name__ == "__main__":
    sys.exit(main())
