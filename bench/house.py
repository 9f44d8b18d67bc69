"""The app and its worker as processes of their own, on a database of either kind."""

import re
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy import func
from sqlalchemy import select

from oauthapp.database import open_database
from oauthapp.database import reading
from oauthapp.demo_settings import write_demo_settings
from oauthapp.schema.app import announced_sessions
from oauthapp.schema.app import app_tables
from oauthapp.schema.app import inbox
from tests.postgresql import Server
from tests.postgresql import free_port
from tests.postgresql import new_databases
from tests.postgresql import postgresql_binaries
from tests.postgresql import stoppable_postgresql


@dataclass(frozen=True, kw_only=True)
class House:
    """Where the app lives, and a look into its database."""

    config: Path
    port: int
    secret: str
    database: Engine
    #: The PostgreSQL it is on, None on SQLite.
    server: Server | None

    def start(
        self, command: str, *options: str, log: str = ""
    ) -> subprocess.Popen[bytes]:
        """Run `oauthapp <command>`; ready when this returns."""
        path = self.config.parent / f"{log or command}.log"
        told = ("-m", "oauthapp", command, "--config", str(self.config))
        return start(path, *told, *options)

    def tell(self, table: str, settings: str) -> None:
        """Add to a table of the settings, before anything is started."""
        head = f"\n[{table}]\n"
        text = self.config.read_text()
        self.config.write_text(text.replace(head, f"{head}{settings}\n"))

    def count(self, status: str | None = None) -> int:
        """Messages in the inbox, of one status or all."""
        rows = select(func.count()).select_from(inbox)
        if status is not None:
            rows = rows.where(inbox.c.status == status)
        with reading(self.database) as connection:
            return int(connection.execute(rows).scalar_one())

    def ids(self) -> list[str]:
        """Of every kept message."""
        with reading(self.database) as connection:
            return list(connection.execute(select(inbox.c.message_id)).scalars())

    def effects(self) -> list[str]:
        """The id of the message behind each announced session."""
        wanted = select(announced_sessions.c.message_id)
        with reading(self.database) as connection:
            return list(connection.execute(wanted).scalars())


@contextmanager
def running_house(kind: str) -> Iterator[House]:
    """A house with an empty database, "sqlite" or "postgresql"; nothing runs yet."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        port, server = free_port(), None
        config = write_demo_settings(folder, app_port=port, provider_port=free_port())
        # Who takes orders to misbehave looks for one at every request.
        config.write_text(config.read_text().replace("control = true\n", ""))
        if kind == "postgresql":
            binaries = postgresql_binaries()
            if binaries is None:
                raise SystemExit("no PostgreSQL on this machine")
            server = stack.enter_context(stoppable_postgresql(binaries))
            _use(config, server.url)
        settings = tomllib.loads(config.read_text())["app"]
        engine = open_database(settings["database_url"], app_tables)
        stack.callback(engine.dispose)
        secret = settings["webhooks"]["demo"]["secrets"][0]
        yield House(
            config=config, port=port, secret=secret, database=engine, server=server
        )


def _use(config: Path, server: str) -> None:
    """Let each database be one of its own on this server."""
    new_databases(server, "app", "provider", "recorder")
    names = iter(["app", "provider", "recorder"])
    config.write_text(
        re.sub(
            r'database_url = ".*"',
            lambda _match: f'database_url = "{server}/{next(names)}"',
            config.read_text(),
        )
    )


def start(log: Path, *command: str) -> subprocess.Popen[bytes]:
    """A Python process that prints a line when it is ready; then this returns."""
    log.unlink(missing_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen([sys.executable, *command], stdout=output)
    while log.stat().st_size == 0:
        if process.poll() is not None:
            raise SystemExit(f"{' '.join(command)}: ended with {process.returncode}")
        time.sleep(0.02)
    return process


def end(process: subprocess.Popen[bytes]) -> None:
    """Tell it to stop, and wait until it has."""
    process.terminate()
    process.wait()
