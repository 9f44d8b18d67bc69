"""The inputs that are kept, for each target a folder: few, small, each for a reason.

What was written by hand has a name; what was found bears the beginning of its hash.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from bench.fuzz.targets import TARGETS
from bench.fuzz.targets import Try

CHECKOUT = Path(__file__).parent.parent.parent
#: Files of one target: what is found fills up what was written by hand.
MOST = 50

Arc = tuple[str, int, int]


def folder(target: str) -> Path:
    """Where the inputs of a target are kept."""
    return Path(__file__).parent / "corpus" / target


def kept(target: str) -> list[Path]:
    """The inputs of a target."""
    return sorted(folder(target).iterdir())


def keep(target: str, found: Path) -> None:
    """Of what was `found` and found before, what reaches most code in fewest files."""
    try_once = TARGETS[target].load()
    by_hand = [path for path in kept(target) if not _was_found(path)]
    others = [path for path in kept(target) if _was_found(path)]
    candidates = {path.read_bytes() for path in (*others, *found.iterdir())}
    reached = {arc for path in by_hand for arc in arcs(try_once, path.read_bytes())}
    chosen = _chosen(try_once, candidates, reached, MOST - len(by_hand))
    for path in others:
        path.unlink()
    for raw in chosen:
        name = f"found-{hashlib.sha256(raw).hexdigest()[:12]}"
        (folder(target) / name).write_bytes(raw)


def arcs(try_once: Try, raw: bytes) -> frozenset[Arc]:
    """The steps from line to line that this input takes in our code."""
    from coverage import Coverage  # only whoever keeps inputs needs to have it

    measured = Coverage(data_file=None, branch=True, source_pkgs=["oauthapp"])
    measured._warn_unimported_source = False
    with measured.collect():
        try:
            try_once(raw)
        except Exception:  # a bug that is not mended yet is reached all the same
            pass
    data = measured.get_data()
    return frozenset(
        (file, *step)
        for file in data.measured_files()
        for step in data.arcs(file) or ()
    )


def _chosen(
    try_once: Try, candidates: Iterable[bytes], reached: set[Arc], most: int
) -> list[bytes]:
    """Greedily: the one that adds most, the shorter of two that add as much."""
    reach = {raw: arcs(try_once, raw) - reached for raw in candidates}
    chosen: list[bytes] = []
    while reach and len(chosen) < most:
        best = min(reach, key=lambda raw: (-len(reach[raw]), len(raw), raw))
        gain = reach.pop(best)
        if not gain:
            break
        chosen.append(best)
        reach = {raw: left - gain for raw, left in reach.items() if left - gain}
    return chosen


def _was_found(path: Path) -> bool:
    return path.name.startswith("found-")
