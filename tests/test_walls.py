"""Imports run down, never up and never sideways; a new file goes onto a floor first."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import oauthapp

PACKAGE = Path(oauthapp.__file__).parent

#: Top to bottom. A room is a module or a package with all that is in it; rooms of
#: one floor do not know each other.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("__main__",),
    ("cli",),
    ("commands",),
    ("demo_command",),
    ("demo", "standalone", "production"),
    ("running", "pytest_plugin"),
    ("playing", "testing"),
    ("checking",),
    ("app", "app_workers"),
    ("provider_app", "provider_workers"),
    ("ui", "openapi", "health", "metrics"),
    # Of the recorder, but they know how a webhook is signed and what is checked.
    ("recorder.decode",),
    ("recorder.exports",),
    # Their tokens are signed like id_tokens, by the same providers.
    # A result is signed like a webhook, and asked for like a redirect.
    # Who buys, gives work or reports is a client of a provider; what comes of it is
    # an event in one transaction.
    (
        "callbacks.backchannel",
        "callbacks.security_event",
        "callbacks.payment",
        "callbacks.result",
        "callers.checkout",
        "callers.jobs",
        "callers.repos",
    ),
    (
        "callbacks.redirect",
        "callbacks.webhook",
        "callers.provider",
        "callers.sender",
    ),
    ("control",),
    ("callbacks.builds",),
    ("callbacks.calling",),
    ("pages",),
    ("policy",),
    ("json_log",),
    ("services", "console", "player"),
    ("weaknesses",),
    ("recorder",),
    ("inserting", "lease_store", "aging", "aging_store"),
    ("provider_pages",),
    (
        "autocommit",
        "prepared",
        "database",
        "grouping",
        "cookies",
        "mounting",
        "proxies",
        "serving",
        "allowlist",
        "configuration",
        "visitor",
        "demo_settings",
        "vault",
        "dispatcher",
        "worker",
        "process",
        "explain",
        *("capacity", "limiting"),
    ),
    ("settings", "schema", "migrations", "engines"),
    ("settings_checks", "limit_window", "short_lane"),
    ("short_request",),
    ("safeguards",),
    ("faults",),
    ("scenarios",),
    (
        *("signing_keys", "errors", "clock", "kinds", "parameters", "money", "forms"),
        *("retry_after", "starting", "naming", "compiled", "strict_headers"),
        *("lane", "asking", "once"),
        "outage",
        "heaps",
    ),
    # Nothing but a docstring and the version.
    ("", "callbacks", "callers"),
)

#: Neighbours that may knock all the same, and why.
SIDEWAYS = {
    # An event is written in the transaction that makes it happen.
    ("callers.provider", "callers.sender"),
}


def modules() -> Iterator[tuple[str, Path]]:
    """Every module below the package, named without `oauthapp.`."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        yield ".".join(part for part in parts if part != "__init__"), path


MODULES = dict(modules())


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[str]:
    """The modules of ours that a file imports, also inside its functions."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write the whole name of what you import"
            names = [_from(node.module or "", alias.name) for alias in node.names]
        else:
            continue
        for name in names:
            if name == "oauthapp" or name.startswith("oauthapp."):
                yield name.removeprefix("oauthapp").removeprefix(".")


def _from(module: str, name: str) -> str:
    """`from room import file` names a file, `from file import name` does not."""
    inside = f"{module}.{name}".removeprefix("oauthapp.")
    return f"{module}.{name}" if inside in MODULES else module


def room(module: str) -> str | None:
    """The room a module is in: the longest name that it begins with."""
    rooms = [one for floor in FLOORS for one in floor]
    fitting = [one for one in rooms if module == one or module.startswith(f"{one}.")]
    return max(fitting, key=len, default=None)


def floor(of: str) -> int:
    """Counted from the top."""
    return next(number for number, rooms in enumerate(FLOORS) if of in rooms)


def test_every_file_is_on_a_floor() -> None:
    homeless = [module for module in MODULES if room(module) is None]
    assert not homeless, f"put these onto a floor in {__file__}"


def test_imports_run_down_only() -> None:
    ways = [(module, name) for module in MODULES for name in imported(MODULES[module])]
    assert [way for way in ways if not runs_down(*way)] == []


def runs_down(module: str, name: str) -> bool:
    """Whether `module`, which imports `name`, may know it."""
    here, there = room(module), room(name)
    assert here is not None, f"{module} is on no floor"
    assert there is not None, f"{module} imports {name}, which is on no floor"
    if there == here or (here, there) in SIDEWAYS:
        return True
    return floor(there) > floor(here)


def test_a_callback_never_knows_a_caller_nor_a_caller_a_callback() -> None:
    for module, path in MODULES.items():
        side = module.partition(".")[0]
        other = {"callbacks": "callers", "callers": "callbacks"}.get(side)
        for name in imported(path):
            assert name.partition(".")[0] != other, f"{module} imports {name}"


def test_no_import_goes_in_a_circle() -> None:
    ahead = {
        name: {one for one in imported(path) if one in MODULES and one != name}
        for name, path in MODULES.items()
    }
    while free := [name for name, needs in ahead.items() if not needs]:
        for name in free:
            del ahead[name]
        for needs in ahead.values():
            needs.difference_update(free)

    assert not ahead, f"these import each other: {sorted(ahead)}"


def test_sql_stands_in_stores_only() -> None:
    for module, path in MODULES.items():
        last = module.rpartition(".")[2]
        if last == "store" or last.endswith("_store"):
            continue
        if last in ("database", "inserting", "schema"):
            continue
        names = {
            alias.name
            for node in ast.walk(parsed(path))
            if isinstance(node, ast.ImportFrom) and node.module == "sqlalchemy"
            for alias in node.names
        }
        assert not names & {"select", "insert", "update", "delete", "text"}, module


#: What asks the machine for the time, as it is written.
ASKING = {"time.time", "datetime.now", "datetime.utcnow", "date.today"}


def test_only_the_clock_asks_what_time_it_is() -> None:
    for module, path in MODULES.items():
        tree = parsed(path)
        written = {ast.unparse(one) for one in ast.walk(tree) if _is_name(one)}
        assert module == "clock" or not written & ASKING, module


def _is_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
