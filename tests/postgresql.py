"""A PostgreSQL of our own: Debian's or the machine's, in a folder that is removed."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy import text


@dataclass(frozen=True, kw_only=True)
class Server:
    """One that can be stopped and started."""

    #: Without a database.
    url: str
    control: list[object]
    options: str

    def start(self) -> None:
        """When this returns, it answers."""
        _run([*self.control, "-o", self.options, "start"])

    def stop(self, mode: str = "fast") -> None:
        """Let it break off what is under way, and end."""
        _run([*self.control, "-m", mode, "stop"])


@contextmanager
def running_postgresql(binaries: Path) -> Iterator[str]:
    """Its URL without database, until the block ends."""
    with stoppable_postgresql(binaries) as server:
        yield server.url


@contextmanager
def stoppable_postgresql(binaries: Path) -> Iterator[Server]:
    """One that runs, until the block ends; then it has to run again."""
    folder = Path(tempfile.mkdtemp(prefix="oauthapp-pg-"))
    # It refuses to run as root, which CI is.
    owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if owner:
        shutil.chown(folder, "postgres")
    data, port = folder / "data", free_port()
    # Replicas have connections of their own each.
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c max_connections=400"
    options += f" -k {folder}"
    control = [*owner, binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
    initdb = [binaries / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-N"]
    _run([*owner, *initdb])
    server = Server(
        url=f"postgresql://postgres@127.0.0.1:{port}", control=control, options=options
    )
    server.start()
    try:
        yield server
    finally:
        server.stop("immediate")
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
