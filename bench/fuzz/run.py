"""One target with so many inputs: what libFuzzer says of it."""

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.fuzz.corpus import CHECKOUT
from bench.fuzz.corpus import folder
from bench.fuzz.corpus import keep
from bench.fuzz.targets import TARGETS

#: Seconds after which an input hangs, however busy the machine is.
TIMEOUT = 30
#: Megabytes of the whole process, libraries and all.
MEMORY = 600

_COVERED = re.compile(r"cov: (\d+) ft: (\d+)")
_STAT = re.compile(r"stat::(\w+):\s+(\d+)")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of one target."""

    target: str
    inputs: int
    seconds: float
    #: Edges of the instrumented code, and what libFuzzer tells apart by their counts.
    edges: int
    features: int
    #: Most megabytes of memory.
    memory: int
    #: The last lines said before the process died, "" when it did not.
    bug: str = ""
    #: The input that did it.
    culprit: bytes = b""


def run(name: str, *, inputs: int, seed: int, keeping: bool) -> Outcome:
    """Try `inputs` inputs.

    :param keeping: whether what reached new code stays in the corpus.
    """
    with TemporaryDirectory(prefix="oauthapp-fuzz-", dir=_fast()) as scratch:
        found, artifacts = Path(scratch) / "found", Path(scratch) / "artifacts"
        found.mkdir()
        artifacts.mkdir()
        began = time.monotonic()
        child = subprocess.run(
            _command(name, inputs, seed, found, artifacts),
            cwd=CHECKOUT,
            env={**os.environ, "TMPDIR": scratch, "PYTHONWARNINGS": "ignore"},
            stderr=subprocess.STDOUT,
            stdout=subprocess.PIPE,
        )
        seconds = time.monotonic() - began
        said = child.stdout.decode("utf-8", "replace")
        culprits = sorted(artifacts.iterdir())
        if keeping:
            keep(name, found)
        return _outcome(name, said, seconds, child.returncode, culprits)


def _command(
    name: str, inputs: int, seed: int, found: Path, artifacts: Path
) -> list[str]:
    target = TARGETS[name]
    words = found.parent / "words"
    words.write_text("\n".join(f'"{_quoted(word)}"' for word in target.words) + "\n")
    options = {
        "runs": inputs,
        "seed": seed,
        "timeout": TIMEOUT,
        "rss_limit_mb": MEMORY,
        "max_len": target.longest,
        "dict": words,
        "artifact_prefix": f"{artifacts}/",
        "print_final_stats": 1,
    }
    given = [f"-{option}={value}" for option, value in options.items()]
    module = [sys.executable, "-m", "bench.fuzz.child", name]
    return [*module, *given, str(found), str(folder(name))]


def _quoted(word: str) -> str:
    safe = (
        chr(b) if 32 <= b < 127 and b not in b'"\\' else f"\\x{b:02x}"
        for b in word.encode()
    )
    return "".join(safe)


def _outcome(
    name: str, said: str, seconds: float, code: int, culprits: list[Path]
) -> Outcome:
    covered = _COVERED.findall(said) or [("0", "0")]
    stats = {key: int(value) for key, value in _STAT.findall(said)}
    return Outcome(
        target=name,
        inputs=stats.get("number_of_executed_units", 0),
        seconds=round(seconds, 1),
        edges=int(covered[-1][0]),
        features=int(covered[-1][1]),
        memory=stats.get("peak_rss_mb", 0),
        bug="\n".join(said.splitlines()[-40:]) if code else "",
        culprit=culprits[0].read_bytes() if culprits else b"",
    )


def _fast() -> str | None:
    """Memory that looks like a disk, where there is such a thing."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None
