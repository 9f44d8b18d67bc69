"""What SECURITY.md names is there, and it leaves out no check of the app."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from oauthapp.callbacks.backchannel import verify as backchannel
from oauthapp.callbacks.redirect import id_token
from oauthapp.callbacks.redirect import verify as redirect
from oauthapp.callbacks.result import verify as result
from oauthapp.callbacks.security_event import verify as security_event
from oauthapp.callbacks.webhook import settle
from oauthapp.callbacks.webhook import verify as webhook
from oauthapp.safeguards import SAFEGUARDS

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")

#: Rule, who, what they do, defence, test.
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.splitlines()
    if "::test_" in line
]
#: `module.py`: `name`, `name`
DEFENCE = re.compile(r"`([a-z_/]+\.py)`: ((?:`[\w.]+`(?:, )?)+)")
ATTACKERS = re.findall(r"^\| ([A-Z][0-9]?) \|", TEXT, re.MULTILINE)

#: Where a check's name stands in the app's own tables, see `safeguards/`.
CHECKED = {
    "callbacks/redirect/verify.py": ("", redirect.CHECKS),
    "callbacks/webhook/verify.py": ("", webhook.CHECKS),
    "callbacks/webhook/settle.py": ("", settle.CHECKS),
    "callbacks/result/verify.py": ("", result.CHECKS),
    "callbacks/redirect/id_token.py": ("id_token.", id_token.CLAIM_CHECKS),
    "callbacks/backchannel/verify.py": ("logout_token.", backchannel.CHECKS),
    "callbacks/security_event/verify.py": ("event_token.", security_event.CHECKS),
}


def test_each_row_has_all_its_cells_and_an_attacker_that_was_introduced() -> None:
    for row in ROWS:
        assert len(row) == 5 and all(row), row
        assert set(row[1].split(", ")) <= set(ATTACKERS), row


def defences() -> Iterator[tuple[str, str]]:
    """Module and name, in the order they are written, each once."""
    named = {
        (module, name): None
        for row in ROWS
        for module, names in DEFENCE.findall(row[3])
        for name in re.findall(r"`([\w.]+)`", names)
    }
    yield from named


def test_every_defence_is_read() -> None:
    for row in ROWS:
        assert DEFENCE.sub("", row[3]).strip("; ") == "", row


def test_each_defence_is_there() -> None:
    missing = [
        (module, name)
        for module, name in defences()
        if name not in defined(ROOT / "oauthapp" / module)
    ]
    assert missing == []


def named_tests() -> list[str]:
    """Path and name of every test, each once."""
    found = (one for row in ROWS for one in re.findall(r"`([\w/]+\.py::\w+)`", row[4]))
    return list(dict.fromkeys(found))


def test_every_test_is_read() -> None:
    for row in ROWS:
        assert (
            row[4].count("::")
            == row[4].count(".py::test_")
            == len(re.findall(r"`[\w/]+\.py::\w+`", row[4]))
        ), row


def test_each_test_is_there() -> None:
    missing = [
        f"{path}::{name}"
        for path, _, name in (test.partition("::") for test in named_tests())
        if name not in defined(ROOT / "tests" / path)
    ]
    assert missing == []


@pytest.mark.parametrize("module", CHECKED)
def test_no_check_is_left_out(module: str) -> None:
    """But those of which the checklist says that nobody could use their lack."""
    of, checks = CHECKED[module]
    names = [check.__name__ for check, _refusal in checks]
    harmful = [
        name
        for name in names
        if not SAFEGUARDS[f"{of}{name}"].attack.startswith("None: ")
    ]

    assert not {(module, name) for name in harmful} - set(defences())


@cache
def defined(path: Path) -> frozenset[str]:
    """What a file defines at its top and in its classes: `name`, `Class.name`."""
    return frozenset(_names(ast.parse(path.read_text(encoding="utf-8")).body, ""))


def _names(body: list[ast.stmt], of: str) -> Iterator[str]:
    for one in body:
        if isinstance(one, ast.FunctionDef | ast.ClassDef):
            yield f"{of}{one.name}"
        if isinstance(one, ast.ClassDef):
            yield from _names(one.body, f"{of}{one.name}.")
        if isinstance(one, ast.Assign):
            yield from (ast.unparse(target) for target in one.targets)
        if isinstance(one, ast.AnnAssign):
            yield ast.unparse(one.target)
