"""What can be spoilt in one node of a syntax tree."""

import ast
import re
from collections.abc import Iterator
from copy import copy
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

#: (what stands there, what takes its place); None: shown as the whole of it.
Change = tuple[ast.AST, str, str | None, str | None]


def changes(node: ast.AST) -> Iterator[Change]:
    """Each thing that can be done to `node` itself."""
    yield from conditions(node)
    yield from values(node)
    yield from statements(node)
    yield from parts(node)


def conditions(node: Any) -> Iterator[Change]:
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
        case ast.If(test=test) | ast.IfExp(test=test):
            if not isinstance(test, ast.Compare | ast.UnaryOp):
                yield instead(test, ast.UnaryOp(ast.Not(), test))
            yield test, "False", None, None
            yield test, "True", None, None
        case ast.comprehension():
            for test in node.ifs:
                yield test, "True", None, None


def values(node: Any) -> Iterator[Change]:
    match node:
        case ast.BinOp(op=ast.BitOr()):
            yield instead(node, node.left)
            yield instead(node, node.right)
        case ast.BinOp() if type(node.op) in ARITHMETIC:
            yield instead(node, changed(node, op=ARITHMETIC[type(node.op)]()))
        case ast.Constant():
            for value in other_constants(node.value):
                yield instead(node, ast.Constant(value))
        case ast.JoinedStr():
            yield instead(node, ast.Constant("XX"))
        case ast.Subscript(slice=ast.Slice()):
            yield instead(node, node.value)
        case ast.Call() if ast.unparse(node.func) in ("re.compile", "re.fullmatch"):
            for pattern in other_patterns(node.args[0].value):
                yield instead(node.args[0], ast.Constant(pattern))


def statements(node: Any) -> Iterator[Change]:
    match node:
        case ast.Raise() | ast.Assert() | ast.Expr(value=ast.Call()):
            yield node, "pass", None, None
        case ast.Return(value=value) if value is not None:
            for text in ("True", "None"):
                # Where a predicate says False, None says the same.
                if ast.unparse(value) not in (text, "False"):
                    yield node, f"return {text}", None, None
        case ast.Assign(value=value) if ast.unparse(value) not in ("None", "False"):
            yield value, "None", ast.unparse(node), "= None"


def parts(node: Any) -> Iterator[Change]:
    """Rows of tables, entries, keyword arguments: each one dropped."""
    match node:
        case ast.Call():
            for place, one in enumerate(node.keywords):
                left = without(node.keywords, place)
                yield dropped(node, changed(node, keywords=left), one)
        case ast.Tuple(ctx=ast.Load()) | ast.List(ctx=ast.Load()):
            for place, one in enumerate(node.elts):
                yield dropped(node, changed(node, elts=without(node.elts, place)), one)
        case ast.Dict():
            for place, (key, value) in enumerate(
                zip(node.keys, node.values, strict=True)
            ):
                keys, values = without(node.keys, place), without(node.values, place)
                left = changed(node, keys=keys, values=values)
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
