"""Is an event ever lost when the sender is killed? `python -m bench.kill_sender`

A worker delivers under load and is killed (`kill -9`) at random moments, seeded, and
started again; so is the process that publishes. In the end each event that was
published must have reached its endpoint at least once, and after removing repetitions
by its message id exactly once.
"""

import argparse
import json
import logging
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from sqlalchemy import func
from sqlalchemy import select
from werkzeug import Request
from werkzeug import Response
from werkzeug.serving import make_server

from oauthapp.callers.sender.event_store import publish
from oauthapp.configuration import load_settings
from oauthapp.database import open_database
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.running import build_provider
from oauthapp.schema.provider import provider_tables
from oauthapp.schema.sender import deliveries
from oauthapp.schema.sender import events

SETTINGS = """
[provider]
issuer = "http://127.0.0.1:5001"
secret_key = "{key}"
database_url = "{database}"
clock_factor = 60.0
deliver_to_loopback = true

[[provider.endpoints]]
url = "{url}"
secret = "whsec_{secret}"
events = ["load"]

[recorder]
database_url = "sqlite:///{folder}/recorder.sqlite"
"""


class Endpoint:
    """Counts how often each message id came; now and then it answers 500."""

    def __init__(self, dice: random.Random) -> None:
        self.seen: Counter[str] = Counter()
        self.accepted: Counter[str] = Counter()
        self._dice = dice
        self._lock = threading.Lock()

    def __call__(self, environ, start_response):  # type: ignore[no-untyped-def]
        request = Request(environ)
        request.get_data()
        message_id = request.headers["webhook-id"]
        with self._lock:
            fails = self._dice.random() < 0.05
            self.seen[message_id] += 1
            if not fails:
                self.accepted[message_id] += 1
        return Response(status=500 if fails else 204)(environ, start_response)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=50)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--rate", type=float, default=40.0, help="events a second")
    options.add_argument("--database", help="URL; default: SQLite in a new folder")
    options.add_argument("--publish", metavar="CONFIG", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.publish:
        return _publish(Path(chosen.publish), chosen.rate)
    with tempfile.TemporaryDirectory() as folder:
        return _run(Path(folder), chosen)


def _publish(config: Path, rate: float) -> int:
    """Publish until killed, with a line for each event once it is kept."""
    settings = load_settings(config, {}).provider
    assert settings is not None
    engine = open_database(settings.database_url, provider_tables)
    number = 0
    while True:
        with writing(engine) as connection:
            message_id = publish(
                connection, event_type="load", data={"n": number}, now=time.time()
            )
        print(message_id, flush=True)
        number += 1
        time.sleep(1 / rate)


def _run(folder: Path, chosen: argparse.Namespace) -> int:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    dice = random.Random(chosen.seed)
    endpoint = Endpoint(random.Random(chosen.seed + 1))
    server = make_server("127.0.0.1", 0, endpoint, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    config = folder / "provider.toml"
    database = chosen.database or f"sqlite:///{folder}/provider.sqlite"
    config.write_text(
        SETTINGS.format(
            key="k" * 32,
            secret="c2VjcmV0" * 4,
            url=f"http://127.0.0.1:{server.server_port}/hook",
            folder=folder,
            database=database,
        )
    )
    build_provider(load_settings(config, {}))  # the endpoint is known from here on
    promised = folder / "promised"
    began = time.monotonic()
    with promised.open("w") as lines:
        _kill_again_and_again(config, lines, chosen, dice)
    engine = open_database(database, provider_tables)
    worker = _start("oauthapp", "worker", "--config", str(config))
    settled = _until_settled(engine)
    worker.kill()
    worker.wait()
    server.shutdown()
    report = _report(engine, promised.read_text().split(), endpoint)
    report.update(kills=chosen.kills, seconds=round(time.monotonic() - began))
    print(json.dumps(report, indent=2))
    return 0 if settled and not report["lost"] and not report["unsettled"] else 1


def _kill_again_and_again(config, lines, chosen, dice) -> None:  # type: ignore[no-untyped-def]
    publishing = ("bench.kill_sender", "--rate", str(chosen.rate), "--publish")
    worker = _start("oauthapp", "worker", "--config", str(config))
    publisher = _start(*publishing, str(config), stdout=lines)
    for _ in range(chosen.kills):
        time.sleep(dice.uniform(0.3, 2.5))
        if dice.random() < 0.75:
            worker.kill()
            worker.wait()
            worker = _start("oauthapp", "worker", "--config", str(config))
        else:
            publisher.kill()
            publisher.wait()
            publisher = _start(*publishing, str(config), stdout=lines)
    for process in (publisher, worker):
        process.kill()
        process.wait()


def _start(module: str, *arguments: str, stdout=subprocess.DEVNULL):  # type: ignore[no-untyped-def]
    return subprocess.Popen([sys.executable, "-m", module, *arguments], stdout=stdout)


def _until_settled(engine, patience: float = 180.0) -> bool:  # type: ignore[no-untyped-def]
    end = time.monotonic() + patience
    pending = select(func.count()).where(deliveries.c.status == "pending")
    while time.monotonic() < end:
        with reading(engine) as connection:
            if connection.execute(pending).scalar_one() == 0:
                return True
        time.sleep(0.5)
    return False


def _report(engine, promised: list[str], endpoint: Endpoint) -> dict[str, object]:  # type: ignore[no-untyped-def]
    with reading(engine) as connection:
        kept = set(connection.execute(select(events.c.message_id)).scalars())
        unsettled = select(func.count()).where(deliveries.c.status != "delivered")
        waiting = connection.execute(unsettled).scalar_one()
    return {
        "promised": len(promised),
        "kept": len(kept),
        "seen_by_endpoint": len(endpoint.seen),
        "accepted_after_dedup": len(endpoint.accepted),
        "repetitions": sum(endpoint.accepted.values()) - len(endpoint.accepted),
        "lost": len((set(promised) | kept) - set(endpoint.accepted)),
        "unsettled": waiting,
    }


if __name__ == "__main__":
    sys.exit(main())
