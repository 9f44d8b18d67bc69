"""One TOML file and the environment become `Settings`, or one line says why not.

Every key can come from the environment, levels joined by two underscores, as
Flask's prefixed environment does: `OAUTHAPP_APP__SECRET_KEY`. Values are read as
JSON where they are JSON (numbers, lists), else as text.
"""

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from oauthapp.errors import SettingsError
from oauthapp.settings import LoginProvider
from oauthapp.settings import Settings
from oauthapp.settings import WebhookSource

PREFIX = "OAUTHAPP_"
#: What `oauthapp sign` and `oauthapp verify` read; no setting.
SECRET_VARIABLE = "OAUTHAPP_SECRET"

#: A key's place: ("app", "login_ttl").
KeyPath = tuple[str, ...]

_NAMED_TABLES: dict[KeyPath, type] = {
    ("app", "providers"): LoginProvider,
    ("app", "webhooks"): WebhookSource,
}

_AT = re.compile(r"^(?P<problem>.*?)(?: - at `(?P<path>[^`]*)`)?$", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<key>[^`]*)`")
_MISSING = re.compile(r"Object missing required field `(?P<key>[^`]*)`")
_TYPE = re.compile(r"Expected `(?P<expected>[^`]*)`, got `(?P<got>[^`]*)`")


def load_settings(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Read `path` (TOML, may be None) and then `environ`, which wins.

    :raises SettingsError: with the key's name and what to write.
    """
    document = _read_toml(path) if path else {}
    texts = _merge_environment(document, environ)
    return _convert(document, texts)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"{path}: there is no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read: {error}") from None
    except (ValueError, RecursionError) as error:  # also endless digits, deep nesting
        raise SettingsError(f"{path}: not valid TOML: {error}") from None


def _merge_environment(
    document: dict[str, Any], environ: Mapping[str, str]
) -> dict[KeyPath, str]:
    """Put the environment's values into `document`; each one's text by its path."""
    texts: dict[KeyPath, str] = {}
    for name in sorted(environ):
        if not name.startswith(PREFIX) or name == SECRET_VARIABLE:
            continue
        _require_text(name, environ[name])
        path = tuple(name.removeprefix(PREFIX).lower().split("__"))
        if len(path) < 2:
            raise SettingsError(
                f"{name}: write {PREFIX}APP__… , {PREFIX}PROVIDER__… or "
                f"{PREFIX}RECORDER__… (two underscores between levels)"
            )
        _put(document, path, _parse(environ[name]), name)
        texts[path] = environ[name]
    return texts


def _require_text(name: str, value: str) -> None:
    try:
        f"{name}{value}".encode()
    except UnicodeEncodeError:  # bytes of the environment that Python could not decode
        raise SettingsError(f"{name}: name and value must be UTF-8 text") from None


def _put(document: dict[str, Any], path: KeyPath, value: Any, name: str) -> None:
    table = document
    for key in path[:-1]:
        table = table.setdefault(key, {})
        if not isinstance(table, dict):
            raise SettingsError(f"{name}: {key} is not a table, it has no keys in it")
    table[path[-1]] = value


def _parse(text: str) -> Any:
    try:
        value = json.loads(text)
        json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is none
    except (ValueError, RecursionError):
        return text
    return value


def _convert(document: dict[str, Any], texts: dict[KeyPath, str]) -> Settings:
    # Entry by entry first: for the tables people name themselves msgspec's own
    # message says only that some entry is wrong, not which.
    for table, shape in _NAMED_TABLES.items():
        for name in _table(document, table):
            _check(document, (*table, name), shape, texts)
    _check(document, (), Settings, texts)
    return msgspec.convert(document, Settings)


def _check(
    document: dict[str, Any], at: KeyPath, shape: type, texts: dict[KeyPath, str]
) -> None:
    value: Any = document
    for key in at:
        value = value[key]
    try:
        msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        path, problem = _where(str(error), at)
        # A secret made of digits is a number to JSON: take its text where text is due.
        text = texts.pop(path, None)
        if text is None or "Expected `str`" not in problem:
            raise SettingsError(_say(path, problem)) from None
        _put(document, path, text, ".".join(path))
        _check(document, at, shape, texts)


def _table(document: dict[str, Any], path: KeyPath) -> dict[str, Any]:
    found: Any = document
    for key in path:
        found = found.get(key, {}) if isinstance(found, dict) else {}
    return found if isinstance(found, dict) else {}


def _where(error: str, at: KeyPath) -> tuple[KeyPath, str]:
    """Split msgspec's message into the key's whole path and the problem."""
    match = _AT.match(error)
    if match is None:
        return at, error
    inside = (match["path"] or "$").removeprefix("$").removeprefix(".")
    return (*at, *filter(None, inside.split("."))), match["problem"]


def _say(path: KeyPath, problem: str) -> str:
    """One line: the key, what is wrong with it and what to write."""
    where = ".".join(path)
    if unknown := _UNKNOWN.search(problem):
        key = ".".join((*path, unknown["key"]))
        return f"{key}: no such setting; check its spelling or remove it"
    if missing := _MISSING.search(problem):
        key = ".".join((*path, missing["key"]))
        return f"{key}: missing; add it to the file or set {_variable(key)}"
    if wrong := _TYPE.search(problem):
        expected, got = wrong["expected"], wrong["got"]
        return f"{where}: write a value of type {expected}, this is {got}"
    return f"{where}.{problem}" if where else problem


def _variable(key: str) -> str:
    return PREFIX + key.upper().replace(".", "__")
