"""A PostgreSQL of our own: Debian's or the machine's, in a folder that is removed."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy import text


@dataclass(frozen=True, kw_only=True)
class Server:
    """One that can be stopped and started again: its URL without database."""

    url: str
    stop: Callable[[], None]
    start: Callable[[], None]


@contextmanager
def running_postgresql(binaries: Path) -> Iterator[str]:
    """Its URL without database, until the block ends."""
    with stoppable_postgresql(binaries) as server:
        yield server.url


@contextmanager
def stoppable_postgresql(binaries: Path) -> Iterator[Server]:
    """It runs until the block ends, and stands still in between if told to."""
    folder = Path(tempfile.mkdtemp(prefix="oauthapp-pg-"))
    # It refuses to run as root, which CI is.
    owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if owner:
        shutil.chown(folder, "postgres")
    data, port = folder / "data", free_port()
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder}"
    control = [*owner, binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
    initdb = [binaries / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-N"]
    _run([*owner, *initdb])
    start = partial(_run, [*control, "-o", options, "start"])
    stop = partial(_run, [*control, "-m", "immediate", "stop"])
    start()
    try:
        yield Server(
            url=f"postgresql://postgres@127.0.0.1:{port}", stop=stop, start=start
        )
    finally:
        stop()
        shutil.rmtree(folder)


def postgresql_binaries() -> Path | None:
    """Where initdb and pg_ctl are, None when this machine has none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if found:
        return found[-1]
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


def new_databases(server: str, *names: str) -> None:
    """Make these databases, empty, on a server of our own."""
    url = f"{server}/postgres".replace("postgresql:", "postgresql+psycopg:")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name in names:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _run(command: list[object]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")  # type: ignore[arg-type]
