"""Node packages that no one here wrote, and the scripts in `node/` that run them."""

import fcntl
import hashlib
import json
import selectors
import shutil
import subprocess
from collections.abc import Iterator
from collections.abc import Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("node")
#: The hash of the lock file that was installed.
STAMP = FOLDER / "node_modules" / ".installed"
#: Seconds for an installation, and for a script until its next line.
INSTALL_TIME = 90
LINE_TIME = 20


class LibraryRefused(Exception):
    """What a script's library reported instead of an answer."""

    def __init__(self, report: Mapping[str, Any]) -> None:
        super().__init__(json.dumps(report))
        self.report = report
        #: Its own name for the trouble, and the `error` of an OAuth answer.
        self.code: str = report.get("code", "")
        self.error: str = report.get("error", "")
        #: The HTTP status it did not like, if it was one.
        self.status: int | None = report.get("status")


class Library:
    """A client library that is asked by lines of JSON; see `talk.mjs`."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def ask(self, do: str, **told: object) -> Any:
        """What came of it.

        :raises LibraryRefused: with what the library reported.
        """
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **told}).encode() + b"\n")
        self._process.stdin.flush()
        outcome = _next_line(self._process)
        if "refused" in outcome:
            raise LibraryRefused(outcome["refused"])
        return outcome["answer"]


def install() -> str | None:
    """Have the packages of the lock file: None, or what stands in the way."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "no node and npm on this machine; on Debian: apt-get install nodejs npm"
    # Tests run in two processes, and each would install.
    with (FOLDER / "package-lock.json").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _install(hashlib.sha256(lock.read()).hexdigest())


def _install(locked: str) -> str | None:
    if STAMP.exists() and STAMP.read_text() == locked:
        return None
    try:
        subprocess.run(
            ["npm", "ci"],
            cwd=FOLDER,
            check=True,
            capture_output=True,
            text=True,
            timeout=INSTALL_TIME,
        )
    except subprocess.TimeoutExpired:
        return f"npm ci took longer than {INSTALL_TIME} seconds"
    except subprocess.CalledProcessError as error:
        return f"npm ci did not work: {_said(error.stderr)}"
    STAMP.write_text(locked)
    return None


@contextmanager
def running(script: str, told: Mapping[str, object]) -> Iterator[dict[str, Any]]:
    """Run a script of `node/` until the block ends; gives its first line, read as JSON.

    What it says on stderr pytest shows beside a test that fails.
    """
    command = ["node", script, json.dumps(told)]
    with _process(command, stdin=subprocess.DEVNULL) as process:
        yield _next_line(process)


@contextmanager
def talking(script: str) -> Iterator[Library]:
    """Run a script of `node/` that answers questions until the block ends."""
    with _process(["node", script], stdin=subprocess.PIPE) as process:
        yield Library(process)


@contextmanager
def _process(command: list[str], *, stdin: int) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        command, cwd=FOLDER, stdin=stdin, stdout=subprocess.PIPE
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def _next_line(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    assert process.stdout is not None
    with selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ)
        came = waiting.select(LINE_TIME)
    assert came, f"{process.args!r} said nothing in {LINE_TIME} seconds"
    line = process.stdout.readline()
    assert line, f"{process.args!r} ended without a word on stdout"
    said: dict[str, Any] = json.loads(line)
    return said


def _said(stderr: str) -> str:
    """npm's complaint without its warnings and prefixes."""
    errors = [line for line in stderr.splitlines() if line.startswith("npm error")]
    return " ".join(line.removeprefix("npm error").strip() for line in errors)[:250]
