"""Every small way to spoil a piece of Python: one change at a time, of the source.

Annotations, decorators, docstrings and what stands inside an f-string are left alone.
"""

import ast
import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any

#: A comparison, and those that take its place.
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Add,
}
#: A subscript of one of these is a type.
TYPES = {"tuple", "type", "dict", "list", "Callable", "Mapping", "Sequence"}

#: (what stands there, what takes its place); None: shown as the whole of it.
Change = tuple[ast.AST, str, str | None, str | None]


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


def changes(node: Any) -> Iterator[Change]:
    """Each thing that can be done to `node` itself."""
    match node:
        case ast.Compare():
            for place, operator in enumerate(node.ops):
                for other in COMPARISONS[type(operator)]:
                    ops = [*node.ops[:place], other(), *node.ops[place + 1 :]]
                    yield instead(node, changed(node, ops=ops))
        case ast.BoolOp(op=operator):
            swapped = ast.Or() if isinstance(operator, ast.And) else ast.And()
            yield instead(node, changed(node, op=swapped))
            for place in range(len(node.values)):
                left = without(node.values, place)
                yield instead(node, changed(node, values=left) if left[1:] else left[0])
        case ast.UnaryOp(op=ast.Not()):
            yield instead(node, node.operand)
        case ast.BinOp(op=ast.BitOr()):
            yield instead(node, node.left)
            yield instead(node, node.right)
        case ast.BinOp() if type(node.op) in ARITHMETIC:
            yield instead(node, changed(node, op=ARITHMETIC[type(node.op)]()))
        case ast.If() | ast.IfExp():
            if not isinstance(node.test, ast.Compare | ast.UnaryOp):
                yield instead(node.test, ast.UnaryOp(ast.Not(), node.test))
            yield node.test, "False", None, None
            yield node.test, "True", None, None
        case ast.Constant():
            for value in other_constants(node.value):
                yield instead(node, ast.Constant(value))
        case ast.JoinedStr():
            yield instead(node, ast.Constant("XX"))
        case ast.Raise() | ast.Assert():
            yield node, "pass", None, None
        case ast.Expr(value=ast.Call()):
            yield node, "pass", None, None
        case ast.Return(value=value) if value is not None:
            for text in ("True", "None"):
                # To whom a predicate's False is good for nothing, None is the same.
                if ast.unparse(value) not in (text, "False"):
                    yield node, f"return {text}", None, None
        case ast.Assign(value=value) if ast.unparse(value) not in ("None", "False"):
            yield value, "None", ast.unparse(node), "= None"
        case ast.Subscript(slice=ast.Slice()):
            yield instead(node, node.value)
        case ast.comprehension():
            for test in node.ifs:
                yield test, "True", None, None
        case ast.Call():
            if ast.unparse(node.func) in ("re.compile", "re.fullmatch"):
                for pattern in other_patterns(node.args[0].value):
                    yield instead(node.args[0], ast.Constant(pattern))
            for place, one in enumerate(node.keywords):
                left = changed(node, keywords=without(node.keywords, place))
                yield dropped(node, left, one)
        case ast.Tuple(ctx=ast.Load()) | ast.List(ctx=ast.Load()):
            for place, one in enumerate(node.elts):
                yield dropped(node, changed(node, elts=without(node.elts, place)), one)
        case ast.Dict():
            for place, (key, value) in enumerate(
                zip(node.keys, node.values, strict=True)
            ):
                left = changed(
                    node,
                    keys=without(node.keys, place),
                    values=without(node.values, place),
                )
                yield dropped(node, left, key or value)


def other_constants(value: object) -> list[object]:
    match value:
        case bool():
            return [not value]
        case int() | float():
            return [value + 1, value - 1]
        case str():
            return [f"XX{value}", ""] if value else ["XX"]
        case bytes():
            return [b"XX" + value]
    return []


def other_patterns(pattern: str) -> Iterator[str]:
    """The pattern without one of its characters, wherever it is still a pattern."""
    for place in range(len(pattern)):
        shorter = pattern[:place] + pattern[place + 1 :]
        try:
            re.compile(shorter)
        except re.error:
            continue
        yield shorter


def instead(node: ast.AST, other: ast.AST) -> Change:
    return node, f"({ast.unparse(other)})", None, ast.unparse(other)


def dropped(node: ast.AST, left: ast.AST, one: ast.AST) -> Change:
    return node, f"({ast.unparse(left)})", ast.unparse(one), "(dropped)"


def changed(node: Any, **fields: object) -> Any:
    other = copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def without(those: list[Any], place: int) -> list[Any]:
    return [*those[:place], *those[place + 1 :]]
