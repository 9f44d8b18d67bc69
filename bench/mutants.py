"""Every mutant of a piece of Python: one change at a time, of the source itself.

Annotations, decorators, docstrings and what stands inside an f-string are left alone.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench.changes import changes

#: A subscript of one of these is a type.
TYPES = {"tuple", "type", "dict", "list", "Callable", "Mapping", "Sequence"}


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A source with one change, and the change as people read it."""

    function: str
    line: int
    was: str
    became: str
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of `source`."""
    raw = source.encode()
    starts = [0]
    for line in raw.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    seen = set()
    for function, node in code_of(ast.parse(source), ""):
        for place, text, was, became in changes(node):
            begin = starts[place.lineno - 1] + place.col_offset
            end = starts[place.end_lineno - 1] + place.end_col_offset
            spoilt = (raw[:begin] + text.encode() + raw[end:]).decode()
            meaning = ast.dump(ast.parse(spoilt))
            if meaning in seen:
                continue
            seen.add(meaning)
            yield Mutant(
                function=function,
                line=place.lineno,
                was=ast.unparse(place) if was is None else was,
                became=text if became is None else became,
                source=spoilt,
            )


def code_of(node: ast.AST, function: str) -> Iterator[tuple[str, Any]]:
    """Every node that is executed, each with the name of its function."""
    for child in executed(node):
        inside = function
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            inside = f"{function}.{child.name}".lstrip(".")
        else:
            yield function, child
        yield from code_of(child, inside)


def executed(node: Any) -> Iterator[ast.AST]:
    if isinstance(node, ast.Import | ast.ImportFrom | ast.JoinedStr):
        return
    if isinstance(node, ast.Subscript) and getattr(node.value, "id", "") in TYPES:
        return
    parts = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef):
        parts = node.body[1:] if ast.get_docstring(node) else node.body
        if isinstance(node, ast.FunctionDef):
            defaults = [*node.args.defaults, *node.args.kw_defaults]
            parts = [*(one for one in defaults if one), *parts]
    if isinstance(node, ast.AnnAssign):
        parts = [node.value] if node.value else []
    for part in parts:
        is_text = isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)
        if not is_text:
            yield part
