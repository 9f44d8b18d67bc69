"""`oauthapp provider` as a process, as a test suite in any language starts it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

COMMAND = [sys.executable, "-m", "oauthapp", "provider"]
#: Seconds that a stop may take before a test gives up on it.
PATIENCE = 20


@dataclass(frozen=True, kw_only=True)
class Running:
    """A provider that said that it is ready."""

    process: subprocess.Popen[str]
    ready: dict[str, Any]

    @property
    def issuer(self) -> str:
        return str(self.ready["issuer"])

    def stopped(self) -> tuple[int, str, str]:
        """Its exit code, and what else it said on stdout and stderr."""
        out, said = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out, said


@contextmanager
def running(*flags: str, **environ: str) -> Iterator[Running]:
    """A provider on a free port until the block ends."""
    with subprocess.Popen(
        [*COMMAND, "--port", "0", *flags],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=without_settings() | environ,
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, process.communicate(timeout=PATIENCE)[1]
            yield Running(process=process, ready=json.loads(line))
        finally:
            process.kill()


def refused(*flags: str, **environ: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of one that does not start."""
    done = subprocess.run(
        [*COMMAND, "--port", "0", *flags],
        capture_output=True,
        text=True,
        env=without_settings() | environ,
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr


def without_settings() -> dict[str, str]:
    """The environment, without what it says of a provider."""
    return {k: v for k, v in os.environ.items() if not k.startswith("OAUTHAPP_")}
