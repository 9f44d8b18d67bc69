"""The page that newcomers read says what is there."""

import re
from pathlib import Path

from tests.test_walls import FLOORS

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
PATH = re.compile(r"`([\w/]+(?:/|\.py)(?:[\w/]+)*)`")


def test_the_floors_are_those_of_the_walls() -> None:
    (drawn,) = re.findall(r"```floors\n(.*?)```", PAGE, re.DOTALL)
    rooms = [re.split(r"  +", line)[0].split(", ") for line in drawn.splitlines()]

    # What holds nothing but a docstring is on none that is drawn.
    floors = [floor for floor in FLOORS if "" not in floor]
    for written, floor in zip(rooms, floors, strict=True):
        assert set(written) == set(floor), "draw it in docs/architecture.md, too"


def test_each_file_that_is_named_is_there() -> None:
    below = [ROOT / "oauthapp", ROOT]
    paths = PATH.findall(PAGE)

    assert [one for one in paths if not any((at / one).exists() for at in below)] == []


def test_each_function_that_is_named_is_in_its_file() -> None:
    named = re.findall(r"`([\w/]+\.py)` `(\w+)`", PAGE)
    assert named

    for path, name in named:
        source = (ROOT / "oauthapp" / path).read_text(encoding="utf-8")
        assert re.search(rf"^(def|class) {name}\b", source, re.MULTILINE), path
