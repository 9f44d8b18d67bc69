"""Does a test fail when a defence that SECURITY.md names is deleted?

    python -m bench.defences            # every row of its tables
    python -m bench.defences redirect   # only those with `redirect` in their defence

Each is deleted in a copy of the checkout, and the tests of its row are run: one of them
has to fail. What deleting means is plain where a function answers yes or no, or only
raises: then it says yes to all, or raises nothing. Else it stands in `defences.toml`.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

CHECKOUT = Path(__file__).parent.parent
DEFENCE = re.compile(r"`([a-z_/]+\.py)`: ((?:`[\w.]+`(?:, )?)+)")
TEST = re.compile(r"`([\w/]+\.py::\w+)`")
#: Seconds after which a test that hangs has failed.
PATIENCE = 30
Edits = dict[tuple[str, str], list[dict[str, str]]]
#: Nothing is kept of a module that is another one a moment later.
PYTEST = [sys.executable, "-B", "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]


@dataclass(frozen=True, kw_only=True)
class Defence:
    """A function or constant of ours, and the tests that guard it."""

    rule: str
    module: str
    name: str
    tests: tuple[str, ...]


def main(wanted: str) -> int:
    edits = read_edits()
    unguarded = 0
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "checkout"
        shutil.copytree(CHECKOUT, copy, ignore=shutil.ignore_patterns(".*", "dist"))
        chosen = [one for one in defences() if wanted in f"{one.module} {one.name}"]
        if not chosen:
            raise SystemExit(f"SECURITY.md names no defence with {wanted!r} in it")
        tests = dict.fromkeys(test for one in chosen for test in one.tests)
        if not passes(copy, tuple(tests)):
            raise SystemExit("the tests fail already with every defence in its place")
        rows = [(one, any) for one in chosen]
        for one, enough in [*rows, *((one, all) for one in several(chosen, edits))]:
            fails = enough(seen(copy, one, edits))
            unguarded += not fails
            verdict = "a test fails" if fails else "NO TEST FAILS"
            print(f"{one.rule}: {one.module} {one.name}: {verdict}", flush=True)
    return 1 if unguarded else 0


def several(chosen: list[Defence], edits: Edits) -> Iterator[Defence]:
    """Those that can be deleted in several ways, with the tests of all their rows.

    A row may be about one of the ways only; together they see each.
    """
    for (module, name), ways in edits.items():
        rows = [one for one in chosen if (one.module, one.name) == (module, name)]
        if len(ways) > 1 and rows:
            tests = dict.fromkeys(test for one in rows for test in one.tests)
            rule = f"{rows[0].rule}, in each of {len(ways)} ways"
            yield Defence(rule=rule, module=module, name=name, tests=tuple(tests))


def seen(copy: Path, one: Defence, edits: Edits) -> list[bool]:
    """Of each way in which the defence can be deleted: whether a test fails."""
    path = copy / "oauthapp" / one.module
    source = path.read_text(encoding="utf-8")
    found = []
    try:
        for spoilt in deleted(source, one, edits):
            path.write_text(spoilt, encoding="utf-8")
            found.append(not passes(copy, one.tests))
    finally:
        path.write_text(source, encoding="utf-8")
    return found


def defences() -> Iterator[Defence]:
    """All that SECURITY.md names, row by row."""
    for line in (CHECKOUT / "SECURITY.md").read_text(encoding="utf-8").splitlines():
        if "::test_" not in line:
            continue
        rule, _who, _what, written, tests = line.strip("| ").split(" | ")
        for module, names in DEFENCE.findall(written):
            for name in re.findall(r"`([\w.]+)`", names):
                yield Defence(
                    rule=rule.partition(" ")[0],
                    module=module,
                    name=name,
                    tests=tuple(TEST.findall(tests)),
                )


def read_edits() -> Edits:
    """By module and name: what is to be replaced there, and by what."""
    file = Path(__file__).with_suffix(".toml")
    found = defaultdict(list)
    for one in tomllib.loads(file.read_text(encoding="utf-8"))["delete"]:
        found[one["module"], one["name"]].append(one)
    return found


def deleted(source: str, one: Defence, edits: Edits) -> Iterator[str]:
    """The module without the defence, in every way that is known."""
    lines = source.splitlines(keepends=True)
    node = find(ast.parse(source), one.name.split("."))
    begin, end = node.lineno - 1, node.end_lineno
    before, inside, after = lines[:begin], "".join(lines[begin:end]), lines[end:]
    known = edits.get((one.module, one.name), [])
    if not known:
        yield without_body(lines, node)
    for edit in known:
        assert edit["was"] in inside, f"{one.module} {one.name}: {edit['was']}"
        changed = inside.replace(edit["was"], edit["becomes"])
        yield "".join([*before, changed, *after])


def without_body(lines: list[str], node: ast.stmt) -> str:
    """The function says yes to all, or, where it only raises, nothing to all."""
    assert isinstance(node, ast.FunctionDef) and node.returns is not None, node
    answers = {"bool": "return True", "None": "return None"}
    answer = answers[ast.unparse(node.returns)]
    first, last = node.body[0], node.body[-1]
    indent = " " * first.col_offset
    return "".join(
        [*lines[: first.lineno - 1], f"{indent}{answer}\n", *lines[last.end_lineno :]]
    )


def find(tree: ast.AST, names: list[str]) -> ast.stmt:
    """The function, class or constant of this name."""
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                pass
            case ast.Assign(targets=[ast.Name(id=name)]):
                pass
            case ast.AnnAssign(target=ast.Name(id=name)):
                pass
            case _:
                continue
        if name == names[0]:
            return find(node, names[1:]) if names[1:] else node
    raise LookupError(".".join(names))


def passes(copy: Path, tests: tuple[str, ...]) -> bool:
    paths = [f"tests/{test}" for test in tests]
    done = subprocess.run(
        [*PYTEST, "--timeout", str(PATIENCE), *paths],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return done.returncode == 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
