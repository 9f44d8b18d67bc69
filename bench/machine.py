"""What the machine does meanwhile: processor time of a process, and the disk's own."""

import os
import platform
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(process: subprocess.Popen[bytes]) -> float:
    """Processor time so far, in it, its children and the kernel for them (Linux)."""
    return sum(_ticks(pid) for pid in _family(process.pid)) / _TICKS


def _family(pid: int) -> Iterator[int]:
    yield pid
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):  # a thread that has ended meanwhile
            for child in (thread / "children").read_text().split():
                yield from _family(int(child))


def _ticks(pid: int) -> int:
    stat = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(stat[11]) + int(stat[12])


def machine() -> dict[str, Any]:
    """What the figures depend on, busy neighbours included."""
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load": [round(one, 1) for one in os.getloadavg()],
        **_fdatasync_ms(),
    }


def _fdatasync_ms() -> dict[str, float]:
    """How long the disk takes to keep four kilobytes for good."""
    took = []
    with tempfile.TemporaryFile() as file:
        for _ in range(1000):
            file.write(b"x" * 4096)
            file.flush()
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append((time.perf_counter() - began) * 1000)
    return {
        "fdatasync_ms": round(statistics.median(took), 2),
        "fdatasync_p99_ms": round(sorted(took)[989], 2),
    }
