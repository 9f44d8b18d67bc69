"""The whole demo on real sockets, and somebody to use it."""

import os
import shutil
import socket
import subprocess
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from oauthapp.demo import Arrivals
from oauthapp.demo import Demo
from oauthapp.demo import running_demo
from oauthapp.visitor import Visitor


@dataclass(frozen=True, kw_only=True)
class House:
    """The running demo, what it has heard, and its folder."""

    demo: Demo
    arrivals: Arrivals
    folder: Path

    @property
    def signing_secret(self) -> str:
        settings = tomllib.loads((self.folder / "demo.toml").read_text())
        secret: str = settings["app"]["webhooks"]["demo"]["secrets"][0]
        return secret


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    arrivals = Arrivals()
    with running_demo(tmp_path, app_port=0, provider_port=0, listener=arrivals) as demo:
        yield House(demo=demo, arrivals=arrivals, folder=tmp_path)


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    one = Visitor()
    yield one
    one.close()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL of our own, as URL without database; Debian's or the machine's."""
    binaries = _postgresql_binaries()
    if binaries is None:
        problem = "no PostgreSQL on this machine; on Debian: apt-get install postgresql"
        if os.environ.get("CI"):
            pytest.fail(problem)
        pytest.skip(problem)
    folder = Path(tempfile.mkdtemp(prefix="oauthapp-pg-"))
    # It refuses to run as root, which CI is.
    owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if owner:
        shutil.chown(folder, "postgres")
    data, port = folder / "data", free_port()
    initdb = [binaries / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-N"]
    subprocess.run([*owner, *initdb], check=True, stdout=subprocess.DEVNULL, cwd="/")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder}"
    control = [*owner, binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
    subprocess.run(
        [*control, "-o", options, "start"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
    )
    yield f"postgresql://postgres@127.0.0.1:{port}"
    subprocess.run(
        [*control, "-m", "immediate", "stop"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
    )
    shutil.rmtree(folder)


@pytest.fixture
def free_ports() -> tuple[int, int]:
    return free_port(), free_port()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _postgresql_binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if found:
        return found[-1]
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None
