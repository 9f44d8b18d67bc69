"""What `docs/limits.md` says of settings and answers is what the code does."""

import re
from pathlib import Path

import pytest

from oauthapp import app as _app  # noqa: F401  so that every room is there
from oauthapp.errors import OauthappError
from oauthapp.settings import AppLimits
from oauthapp.settings import ProviderLimits
from oauthapp.settings import Shape

PAGE = (Path(__file__).parent.parent / "docs/limits.md").read_text(encoding="utf-8")
SHAPES = {"app": AppLimits(), "provider": ProviderLimits()}
TABLE = re.compile(r"\| `\[(app|provider)\.limits\]`.*\n\|[-|]+\n((?:\|.*\n)+)")


def _told() -> dict[tuple[str, str], str]:
    return {
        (party, key): default
        for party, rows in TABLE.findall(PAGE)
        for key, default in re.findall(r"^\| `(\w+)` \| `?([\w/]+)`? \|", rows, re.M)
    }


def _reasons(cls: type[OauthappError] = OauthappError) -> dict[str, int]:
    found = {cls.code: cls.status}
    for one in cls.__subclasses__():
        found.update(_reasons(one))
    return found


@pytest.mark.parametrize("party", SHAPES)
def test_every_limit_is_told_with_its_default(party: str) -> None:
    shape: Shape = SHAPES[party]
    told = {key: default for (of, key), default in _told().items() if of == party}

    assert told == {key: str(getattr(shape, key)) for key in shape.__struct_fields__}


@pytest.mark.parametrize(("status", "code"), re.findall(r"\b(\d{3}) `(\w+)`", PAGE))
def test_every_answer_is_one_that_is_given(status: str, code: str) -> None:
    assert _reasons()[code] == int(status)
