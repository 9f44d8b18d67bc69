"""`--workers`, as its user runs it: started, hurt, and told to stop."""

import os
import re
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
import trustme
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from bench.messages import signed
from oauthapp.cli import main
from oauthapp.configuration import load_settings
from oauthapp.database import open_database
from oauthapp.errors import SettingsError
from oauthapp.production.crew import Place
from oauthapp.production.crew import serve_many
from oauthapp.schema.recorder import calls
from oauthapp.schema.recorder import recorder_tables
from tests.production.conftest import ask
from tests.production.conftest import connected
from tests.production.conftest import started

PATIENCE = 20.0


def children(pid: int) -> set[int]:
    """The processes that answer: those that multiprocessing made, but its own one."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            stat = path.read_text().rsplit(")", 1)[1].split()
            command = (path.parent / "cmdline").read_text()
        except OSError:
            continue
        if int(stat[1]) == pid and "spawn_main" in command and stat[0] != "Z":
            found.add(int(path.parent.name))
    return found


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def listening(port: int) -> int:
    """How many sockets do, each of another process."""
    table = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    cells = [line.split() for line in table]
    return sum(one[1].endswith(f":{port:04X}") and one[3] == "0A" for one in cells)


def app(config: Path, *options: str) -> list[str]:
    return ["-m", "oauthapp", "app", "--config", str(config), *options]


def test_it_answers_is_mended_and_stops_when_all_is_answered(config: Path) -> None:
    settings = load_settings(config, {})
    assert settings.app is not None
    url = settings.app.base_url
    port = int(url.rpartition(":")[2])
    secret = settings.app.webhooks["demo"].secrets[0]
    raw = signed("one", secret=secret, now=time.time()).raw
    with started(*app(config, "--workers", "2")) as (process, line):
        assert line == f"listening on port {port}, reached as {url}\n"
        first = children(process.pid)
        assert len(first) == listening(port) == 2, "each listens when it is said"
        for _ in range(20):  # each has some of them
            requests.get(f"{url}/healthz", timeout=PATIENCE)
        os.kill(min(first), signal.SIGKILL)
        wait_until(lambda: len(children(process.pid) - {min(first)}) == 2)
        wait_until(lambda: listening(port) == 2)
        assert requests.get(f"{url}/readyz", timeout=PATIENCE).status_code == 200

        assert all(counted(url) == 20 for _ in range(8)), "whoever is asked"
        with connected(port) as client:
            client.send(raw[:-3])
            assert ask(port, b"GET /healthz HTTP/1.0\r\n\r\n")[0] == 200
            process.terminate()
            wait_until(lambda: not answers(port))
            client.send(raw[-3:])
            answer = client.answer()
        code = process.wait(PATIENCE)
        assert process.stdout is not None and process.stderr is not None
        said, trouble = process.stdout.read(), process.stderr.read()

    assert answer.startswith(b"HTTP/1.1 204")
    assert code == 0
    assert re.findall(r"POST /webhooks/demo +204", said)
    assert trouble == "Unexpected exit from worker-1\n"
    assert kept(settings.recorder.database_url) == [("/webhooks/demo", 204)]


def counted(url: str) -> int:
    """Requests of /healthz, those that a dead process answered among them."""
    text = requests.get(f"{url}/metrics", timeout=PATIENCE).text
    (number,) = re.findall(r'_requests_total{.*"/healthz".*} ([0-9.]+)', text)
    return int(float(number))


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE).close()
    except ConnectionError:
        return False
    return True


def kept(database_url: str) -> list[tuple[str, int]]:
    engine = open_database(database_url, recorder_tables)
    with engine.connect() as connection:
        rows = connection.execute(select(calls.c.path, calls.c.status)).all()
    engine.dispose()
    return [(path, status) for path, status in rows]


def test_it_speaks_https_and_its_processes_end_when_their_parent_is_killed(
    config: Path, tmp_path: Path
) -> None:
    authority = trustme.CA()
    own = authority.issue_cert("127.0.0.1")
    files = {name: tmp_path / f"{name}.pem" for name in ("authority", "chain", "key")}
    authority.cert_pem.write_to_path(str(files["authority"]))
    own.cert_chain_pems[0].write_to_path(str(files["chain"]))
    own.private_key_pem.write_to_path(str(files["key"]))
    tls = ("--certificate", str(files["chain"]), "--key", str(files["key"]))
    with started(*app(config, "--workers", "1", "--port", "0", *tls)) as (
        process,
        line,
    ):
        port = int(line.split()[3].rstrip(","))
        url = f"https://127.0.0.1:{port}/healthz"
        healthy = requests.get(url, verify=files["authority"], timeout=PATIENCE)
        made = children(process.pid)
        process.kill()
        process.wait(PATIENCE)
        wait_until(lambda: not answers(port))

    assert healthy.status_code == 200
    assert len(made) == 1
    wait_until(lambda: not any(Path(f"/proc/{pid}/fd/0").exists() for pid in made))


def test_without_its_server_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "granian.server.mp", None)

    with pytest.raises(SettingsError, match=r"pip install 'oauthapp\[serve\]'"):
        serve_many(Flask, Place(host="127.0.0.1", port=0), workers=1, ready=print)


@pytest.mark.parametrize("option", ["--workers=2", "--certificate=x", "--key=x"])
def test_a_provider_for_tests_is_one_process(option: str) -> None:
    done = CliRunner().invoke(main, ["provider", "--port", "0", option])

    assert done.exit_code == 2
    assert f"{option.partition('=')[0]}: goes together with --config" in done.output
