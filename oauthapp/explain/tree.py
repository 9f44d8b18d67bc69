"""A stream of events as a tree that is small enough to walk, with its lines."""

from dataclasses import dataclass
from dataclasses import field
from typing import Any

from oauthapp.explain.events import Event
from oauthapp.explain.events import Value
from oauthapp.explain.events import decoded
from oauthapp.explain.events import events
from oauthapp.explain.events import refuse

#: The largest API descriptions published are about 15 MB, with a million values.
MAX_BYTES = 32 * 1024 * 1024
MAX_VALUES = 2_000_000
MAX_EVENTS = 2 * MAX_VALUES
MAX_DEPTH = 200
MAX_KEY = 2_000

Lines = dict[tuple[int, str], int]


@dataclass(kw_only=True)
class _Open:
    """A map or list that has begun."""

    value: Any
    line: int
    anchor: str | None
    #: All values within, those behind aliases counted each time.
    size: int = 1
    #: The key that waits for its value.
    key: str | None = None
    #: That key is `<<`.
    merges: bool = False
    #: What `<<` named; it says what the map does not say itself.
    merged: list[Value] = field(default_factory=list)


@dataclass(kw_only=True)
class Tree:
    """A document, and on which line each of its values begins."""

    root: Value
    #: By the id of the map or list a value stands in, and its key or index there.
    lines: Lines


@dataclass
class _Builder:
    lines: Lines = field(default_factory=dict)
    #: What each anchor names, with its size.
    anchors: dict[str, tuple[Value, int]] = field(default_factory=dict)
    stack: list[_Open] = field(default_factory=list)
    root: list[Value] = field(default_factory=list)
    read: int = 0

    def take(self, event: Event) -> None:
        self.read += 1
        if self.read > MAX_EVENTS:
            refuse("is too large: it has millions of values", event.line)
        if event.step in ("map", "list"):
            self._begin(event)
        elif event.step == "end":
            self._end()
        elif event.step == "alias":
            self._alias(event)
        elif self._wants_key():
            self._key(event)
        else:
            self._name(event.anchor, event.value, 1)
            self._put(event.value, event.line, 1)

    def _wants_key(self) -> bool:
        top = self.stack[-1] if self.stack else None
        return top is not None and isinstance(top.value, dict) and top.key is None

    def _key(self, event: Event) -> None:
        top = self.stack[-1]
        if len(event.text) > MAX_KEY:
            refuse(f"has a key longer than {MAX_KEY} characters", event.line)
        if event.text in top.value:
            refuse(f"has the key {event.text[:80]!a} twice", event.line)
        self.lines[id(top.value), event.text] = event.line
        top.key, top.merges = event.text, event.merges

    def _begin(self, event: Event) -> None:
        if self._wants_key():
            refuse("has a map or list as a key", event.line)
        if len(self.stack) == MAX_DEPTH:
            refuse(f"is nested deeper than {MAX_DEPTH} levels", event.line)
        value: Value = {} if event.step == "map" else []
        self.stack.append(_Open(value=value, line=event.line, anchor=event.anchor))

    def _end(self) -> None:
        done = self.stack.pop()
        for other in done.merged:
            self._merge(done.value, other)
        self._name(done.anchor, done.value, done.size)
        self._put(done.value, done.line, done.size)

    def _alias(self, event: Event) -> None:
        """What it names is shared, not copied, and counted as if it were copied."""
        if event.anchor not in self.anchors:
            refuse("has an alias of what is not there, or not complete", event.line)
        if self._wants_key():
            refuse("has an alias as a key", event.line)
        value, size = self.anchors[event.anchor]
        self._put(value, event.line, size)

    def _name(self, anchor: str | None, value: Value, size: int) -> None:
        if anchor is not None:
            self.anchors[anchor] = value, size

    def _put(self, value: Value, line: int, size: int) -> None:
        if not self.stack:
            self.root.append(value)
            return
        top = self.stack[-1]
        top.size += size
        if top.size > MAX_VALUES:
            refuse(f"has more than {MAX_VALUES} values, aliases counted", line)
        if isinstance(top.value, list):
            self.lines[id(top.value), str(len(top.value))] = line
            top.value.append(value)
        elif top.merges:
            top.merged.extend(value if isinstance(value, list) else [value])
        elif top.key is not None:
            top.value[top.key] = value
        top.key = None

    def _merge(self, value: dict[str, Value], other: Value) -> None:
        if not isinstance(other, dict):
            return
        for key in other:
            if key not in value:
                value[key] = other[key]
                self.lines[id(value), key] = self.lines[id(other), key]


def read_tree(raw: bytes) -> Tree:
    """The document in `raw`, JSON or YAML.

    :raises InputUnusable: in one line, for whatever cannot be read or is too large.
    """
    if len(raw) > MAX_BYTES:
        refuse(f"is larger than {MAX_BYTES // 1024 // 1024} MB")
    builder = _Builder()
    for event in events(decoded(raw)):
        builder.take(event)
    if not builder.root:
        refuse("is empty")
    return Tree(root=builder.root[0], lines=builder.lines)
