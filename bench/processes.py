"""What a process holds at the moment, as Linux tells: memory, descriptors, threads."""

import os
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Held:
    """By one process, at one moment."""

    #: Resident memory that is its own, in kilobytes, and all that is resident.
    own_kb: int
    rss_kb: int
    descriptors: int
    threads: int


def held_by(pid: int) -> Held:
    """What this process holds now.

    :raises OSError: it is gone.
    """
    folder = Path(f"/proc/{pid}")
    status = (folder / "status").read_text()
    found = {
        name: int(re.search(rf"^{name}:\s+(\d+)", status, re.MULTILINE)[1])  # type: ignore[index]
        for name in ("RssAnon", "VmRSS", "Threads")
    }
    return Held(
        own_kb=found["RssAnon"],
        rss_kb=found["VmRSS"],
        descriptors=len(os.listdir(folder / "fd")),
        threads=found["Threads"],
    )
