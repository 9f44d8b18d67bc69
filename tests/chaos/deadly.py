"""A worker that one type of event kills: `python -m tests.chaos.deadly DATABASE_URL`

It is started again each time, when the lease of what it held has ended, until nothing
waits any more. Prints how often it was killed.
"""

import os
import signal
import sys
from collections.abc import Mapping
from typing import Any
from typing import cast

import requests
from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import select

from oauthapp.app_workers import app_worker
from oauthapp.callbacks.webhook.effects import EFFECTS
from oauthapp.callbacks.webhook.effects import Effect
from oauthapp.callbacks.webhook.store import LEASE
from oauthapp.database import open_database
from oauthapp.database import reading
from oauthapp.recorder.store import Recorder
from oauthapp.schema.app import app_tables
from oauthapp.schema.app import inbox
from oauthapp.services import AppServices
from oauthapp.settings import AppSettings

DEADLY = "chaos.deadly"
NOW = 1_700_000_000.0
#: Far more than it takes.
TURNS = 40


def _die(
    _connection: Connection, _asked: Mapping[Any, None], _now: float
) -> Mapping[Any, str]:
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def main(database_url: str) -> None:
    known = cast(dict[str, Effect[Any]], EFFECTS)
    known[DEADLY] = Effect(read=lambda _one: None, write=_die)
    killed = 0
    for turn in range(TURNS):
        child = os.fork()
        if child == 0:
            _work(database_url, now=NOW + turn * (LEASE + 1))
            os._exit(0)
        _pid, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            killed += 1
        elif not _waits(open_database(database_url, app_tables)):
            break
    print(killed)


def _work(database_url: str, *, now: float) -> None:
    """Until there is nothing to do at this moment, or the end."""
    services = AppServices(
        settings=AppSettings(base_url="http://localhost:5000", secret_key="k" * 32),
        database=open_database(database_url, app_tables),
        clock=lambda: now,
        http=requests.Session(),
        recorder=Recorder(None, "key", lambda: now),
    )
    worker = app_worker(services)
    while worker.run_once():
        pass


def _waits(engine: Engine) -> bool:
    wanted = select(inbox.c.message_id).where(inbox.c.status == "pending").limit(1)
    with reading(engine) as connection:
        return connection.execute(wanted).first() is not None


if __name__ == "__main__":
    main(sys.argv[1])
