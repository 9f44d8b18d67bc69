"""YAML or JSON as one flat stream: what begins, what ends, what stands between.

A stream needs no recursion, so whoever builds a tree of it can count as it grows.
"""

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from typing import Literal
from typing import NoReturn

import yaml

from oauthapp.errors import InputUnusable

#: Anything a JSON document holds, but for what floats cannot say.
Value = None | bool | int | float | str | list[Any] | dict[str, Any]
Step = Literal["map", "list", "end", "scalar", "alias"]

#: libyaml where it is built in: about ten times as fast.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: What json.loads has believed already, cut into words.
_JSON_WORD = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]|[^\s\[\]{},:"]+|\n')
_BEGINS: dict[str, Step] = {"{": "map", "[": "list", "}": "end", "]": "end"}
_STANDARD = "tag:yaml.org,2002:"
#: Tags that say no more than the value does. "!" is "do not guess": a string.
_TAGS = {_STANDARD + name for name in ("str", "int", "float", "bool", "null")}
_TAGS |= {_STANDARD + "map", _STANDARD + "seq", "!"}
_WORDS: dict[str, Value] = {"": None, "~": None, "null": None, "Null": None}
_WORDS |= {"true": True, "True": True, "false": False, "False": False}
_INTEGER = re.compile(r"[-+]?[0-9]{1,400}")
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]{1,400}|[0-9]{1,400}(?:\.[0-9]{0,400})?)(?:[eE][-+]?[0-9]{1,4})?"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One step of the stream."""

    step: Step
    #: Counted from 1.
    line: int
    #: Of a scalar: what it is as a value, and as it is written for a key.
    value: Value = None
    text: str = ""
    #: It is YAML's `<<`: what follows is merged into the map it stands in.
    merges: bool = False
    #: The anchor that a value is given, or that an alias names.
    anchor: str | None = None


def refuse(problem: str, line: int | None = None) -> NoReturn:
    """:raises InputUnusable: with the line, where one is known."""
    raise InputUnusable(problem if line is None else f"line {line}: {problem}")


def decoded(raw: bytes) -> str:
    """The text of a file: UTF-8, or UTF-16 that says so."""
    wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return raw.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        refuse(f"is not UTF-8 text: byte {error.start} fits nowhere")


def events(text: str) -> Iterator[Event]:
    """The stream of a document, read as JSON if it is, else as YAML.

    :raises InputUnusable: in the midst of it, where it can be read no further.
    """
    if not text.strip():
        refuse("is empty")
    if text.lstrip()[0] in "{[":
        try:
            json.loads(text, parse_constant=_no_constant)
        except RecursionError:
            refuse("is nested too deeply")
        except ValueError as error:
            # Flow YAML begins like JSON; tabs are the one thing only JSON may have.
            if isinstance(error, json.JSONDecodeError) and "\n\t" not in text:
                return (yield from _of_yaml(text))
            refuse(f"is no JSON: {error}")
        return (yield from _of_json(text))
    yield from _of_yaml(text)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _of_json(text: str) -> Iterator[Event]:
    line = 1
    for found in _JSON_WORD.finditer(text):
        word = found.group()
        if word == "\n":
            line += 1
        elif word in _BEGINS:
            yield Event(step=_BEGINS[word], line=line)
        else:
            value = json.loads(word)
            written = value if isinstance(value, str) else word
            yield Event(step="scalar", line=line, value=value, text=written)


def _of_yaml(text: str) -> Iterator[Event]:
    documents = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    refuse("is a second document; one is read", _line(event))
            elif isinstance(event, yaml.NodeEvent | yaml.CollectionEndEvent):
                yield _event(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        refuse(f"is no YAML: {error.problem}", mark.line + 1 if mark else None)
    except (yaml.YAMLError, UnicodeError):
        refuse("is no YAML: it has characters that YAML forbids")


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _event(event: Any) -> Event:
    line = _line(event)
    if isinstance(event, yaml.CollectionEndEvent):
        return Event(step="end", line=line)
    if isinstance(event, yaml.AliasEvent):
        return Event(step="alias", line=line, anchor=event.anchor)
    if event.tag is not None and event.tag not in _TAGS:
        refuse(f"has the tag {event.tag[:80]!a}; only YAML's own are read", line)
    if isinstance(event, yaml.ScalarEvent):
        plain = _may_guess(event)
        return Event(
            step="scalar",
            line=line,
            value=_scalar(event.value) if plain else event.value,
            text=event.value,
            merges=plain and event.value == "<<",
            anchor=event.anchor,
        )
    step: Step = "map" if isinstance(event, yaml.MappingStartEvent) else "list"
    return Event(step=step, line=line, anchor=event.anchor)


def _may_guess(event: Any) -> bool:
    """Plain and without a tag, or with one that is not "this is a string"."""
    if event.tag is None:
        return bool(event.implicit[0])
    return event.tag not in ("!", _STANDARD + "str")


def _scalar(text: str) -> Value:
    """What a plain scalar is in YAML 1.2 (§10.2); a date stays the text it is."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
