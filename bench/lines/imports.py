"""How long an import takes, each in a fresh interpreter."""

import subprocess
import sys
from collections.abc import Iterator
from functools import partial

from bench.lines.line import Line
from bench.lines.line import Sizes
from bench.lines.line import beside
from bench.lines.line import in_turn
from bench.lines.line import median
from bench.parties import environment

FLOOR = "flask"
OURS = {
    "oauthapp": "nothing of weight: what is used is imported when it is used",
    "oauthapp.app": "SQLAlchemy and Authlib, Flask being part of it",
    "oauthapp.pytest_plugin": "pytest, which a run of it has imported anyway",
}
_TIMED = """
import time
began = time.perf_counter()
import {name}
print((time.perf_counter() - began) * 1000)
"""


def lines(sizes: Sizes) -> Iterator[Line]:
    """Milliseconds, without the interpreter's own start."""
    ways = {name: partial(_import, name) for name in (FLOOR, *OURS)}
    rounds = in_turn(ways, sizes.imports)
    for name, limit in OURS.items():
        yield Line(
            what=f"import {name}",
            ours=median(rounds, name),
            unit="ms",
            floors=(beside(rounds, name, FLOOR),),
            limit=limit,
            sound=True,
        )


def _import(name: str) -> float:
    said = subprocess.run(
        [sys.executable, "-c", _TIMED.format(name=name)],
        env=environment(),
        capture_output=True,
        check=True,
    )
    return float(said.stdout)
