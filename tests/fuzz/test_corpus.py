"""What was once found stays found: each kept input goes through its target."""

from collections import Counter
from pathlib import Path

import pytest

from bench.fuzz.corpus import MOST
from bench.fuzz.corpus import kept
from bench.fuzz.targets import TARGETS

#: Kept on purpose: what a target takes for good, too, or it would prove nothing.
BYTES_IN_ALL = 300_000


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize("name", TARGETS)
def test_each_kept_input_is_accepted_or_refused_and_does_no_harm(name: str) -> None:
    try_once = TARGETS[name].load()
    verdicts: Counter[bool] = Counter()
    for path in kept(name):
        try:
            verdicts[bool(try_once(path.read_bytes()))] += 1
        except Exception as error:
            raise AssertionError(f"{path} does harm") from error

    assert verdicts[True] and verdicts[False], f"all are alike: {verdicts}"


def test_the_kept_inputs_are_few_and_small() -> None:
    files: list[Path] = [path for name in TARGETS for path in kept(name)]

    assert max(Counter(path.parent for path in files).values()) <= MOST
    assert sum(path.stat().st_size for path in files) < BYTES_IN_ALL


def test_each_folder_of_kept_inputs_has_its_target() -> None:
    folders = (kept(next(iter(TARGETS)))[0].parent.parent).iterdir()

    assert {folder.name for folder in folders} == set(TARGETS)
