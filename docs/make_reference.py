"""Writes `reference.md` from the docstrings: python docs/make_reference.py"""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

from oauthapp import clock
from oauthapp import pytest_plugin
from oauthapp.recorder import call
from oauthapp.testing import capture
from oauthapp.testing import config
from oauthapp.testing import provider
from oauthapp.testing import receiver
from oauthapp.testing import seen
from oauthapp.testing import sender

PAGE = Path(__file__).with_name("reference.md")
#: What fixtures give, and what these give in turn.
CLASSES = (
    provider.OAuthProvider,
    seen.RequestsSeen,
    call.Call,
    sender.WebhookSender,
    sender.Sent,
    sender.Tried,
    receiver.WebhookReceiver,
    receiver.Received,
    clock.MovableClock,
    capture.Capture,
    config.OauthappConfig,
)
HEAD = """# Reference of the test kit

Made from the docstrings by `docs/make_reference.py`; our tests fail when it is not up
to date. How it is used is shown by the [recipes](recipes/README.md).

## Fixtures

| fixture | gives | |
|---|---|---|
"""
#: Sphinx's way to mark a parameter, and how a reader should see it.
FIELDS = (
    (re.compile(r":param (\w+): "), r"- `\1`: "),
    (re.compile(r":raises ([\w.]+): "), r"- raises `\1` "),
)


def reference() -> str:
    """The whole page."""
    return HEAD + "".join(fixtures()) + "".join(described(one) for one in CLASSES)


def fixtures() -> Iterator[str]:
    """A row for each."""
    for node in ast.parse(inspect.getsource(pytest_plugin)).body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith(
            ("_", "pytest")
        ):
            continue
        assert node.returns is not None
        gives = ast.unparse(node.returns).strip("'")
        link = f"[{gives}](#{gives.lower()})" if gives.isidentifier() else f"`{gives}`"
        yield f"| `{node.name}` | {link} | {ast.get_docstring(node)} |\n"


def described(of: type) -> str:
    """A class: what it is, its attributes, then its methods."""
    source = inspect.getsource(of)
    (node,) = ast.parse(source).body
    assert isinstance(node, ast.ClassDef)
    lines = [f"\n## {of.__name__}\n\n{ast.get_docstring(node)}\n"]
    if found := list(_attributes(node, source.splitlines())):
        lines.append("\n" + "".join(found))
    lines += _methods(node)
    return "".join(lines)


def _attributes(node: ast.ClassDef, lines: list[str]) -> Iterator[str]:
    """Fields, what `__init__` sets and says, and properties."""
    for one in ast.walk(node):
        if isinstance(one, ast.AnnAssign):
            name, kind = ast.unparse(one.target), f": {ast.unparse(one.annotation)}"
        elif isinstance(one, ast.Assign):
            name, kind = ast.unparse(one.targets[0]), ""
        else:
            continue
        said = _said_above(one.lineno, lines)
        name = name.removeprefix("self.")
        if name.startswith("_") or "." in name or not (said or one in node.body):
            continue
        yield f"- `{name}{kind}`{': ' if said else ''}{said}\n"
    for method in _public(node):
        if any(ast.unparse(one) == "property" for one in method.decorator_list):
            assert method.returns is not None
            said = (ast.get_docstring(method) or "").partition("\n\n")[0]
            yield f"- `{method.name}: {ast.unparse(method.returns)}`: {said}\n"


def _said_above(number: int, lines: list[str]) -> str:
    """The `#:` lines over this one."""
    said: list[str] = []
    while (line := lines[number - 2].strip()).startswith("#: "):
        said.insert(0, line.removeprefix("#: "))
        number -= 1
    return " ".join(said)


def _methods(node: ast.ClassDef) -> Iterator[str]:
    for method in _public(node):
        if any(ast.unparse(one) == "property" for one in method.decorator_list):
            continue
        said = _prose(ast.get_docstring(method) or "")
        yield f"\n### `{_signature(method)}`\n\n{said}\n"


def _public(node: ast.ClassDef) -> Iterator[ast.FunctionDef]:
    for one in node.body:
        if isinstance(one, ast.FunctionDef) and not one.name.startswith("_"):
            yield one


def _signature(method: ast.FunctionDef) -> str:
    del method.args.args[0]  # self
    returned = ast.unparse(method.returns).strip("'") if method.returns else ""
    gives = f" -> {returned}" if returned else ""
    return f"{method.name}({ast.unparse(method.args)}){gives}"


def _prose(docstring: str) -> str:
    for pattern, plain in FIELDS:
        docstring = pattern.sub(plain, docstring)
    # An item's second line is no code.
    return re.sub(r"\n    +", "\n  ", docstring)


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
