"""Node packages that no one here wrote, and the scripts in `node/` that run them."""

import hashlib
import json
import select
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
#: Seconds for an installation, and for a script until its first line.
INSTALL_TIME = 90
START_TIME = 20


def install() -> str | None:
    """Have the packages of the lock file: None, or what stands in the way."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "no node and npm on this machine; on Debian: apt-get install nodejs npm"
    locked = hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()
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
    with subprocess.Popen(
        command, cwd=FOLDER, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    ) as process:
        try:
            yield _first_line(process)
        finally:
            process.terminate()


def _first_line(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    assert process.stdout is not None
    came, _, _ = select.select([process.stdout], [], [], START_TIME)
    assert came, f"{process.args!r} said nothing in {START_TIME} seconds"
    line = process.stdout.readline()
    assert line, f"{process.args!r} ended without a word on stdout"
    first: dict[str, Any] = json.loads(line)
    return first


def _said(stderr: str) -> str:
    """npm's complaint without its warnings and prefixes."""
    errors = [line for line in stderr.splitlines() if line.startswith("npm error")]
    return " ".join(line.removeprefix("npm error").strip() for line in errors)[:250]
