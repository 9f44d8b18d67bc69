"""An OpenAPI document to walk in, `$ref` by `$ref`, without ever getting lost."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import Final

from oauthapp.explain.events import Value
from oauthapp.explain.events import refuse
from oauthapp.explain.tree import Tree
from oauthapp.explain.tree import read_tree

_VERSION = re.compile(r"3\.[012](\.\d+)?")
#: References that lead to references; a circle ends here as well.
_MAX_HOPS: Final = 32
_MAX_REFERENCE: Final = 2_000
#: References let a small document be walked for ever; GitHub's takes a tenth of this.
_MAX_STEPS: Final = 5_000_000


@dataclass(kw_only=True)
class Document:
    """What was read, and what could not be followed."""

    tree: Tree
    version: str
    #: References to other files: they are not read.
    elsewhere: dict[str, None] = field(default_factory=dict)
    steps: int = 0

    @property
    def root(self) -> "Place":
        return Place(document=self, value=self.tree.root, pointer="")

    def spend(self, steps: int) -> None:
        """Count what is read; :raises InputUnusable: when it is without end."""
        self.steps += steps
        if self.steps > _MAX_STEPS:
            refuse("refers to the same things over and over; it takes too long to read")

    def line(self, pointer: str) -> int:
        """The line on which what `pointer` names begins, or the nearest around it."""
        value, line = self.tree.root, 1
        for key in map(_unescaped, pointer.split("/")[1:]):
            line = self.tree.lines.get((id(value), key), line)
            value = _child(value, key)
        return line


@dataclass(frozen=True, kw_only=True)
class Place:
    """A value of the document, and the JSON pointer to it (RFC 6901)."""

    document: Document
    value: Value
    pointer: str
    #: The references that led here; what they say themselves counts too.
    by: "tuple[Place, ...]" = ()

    def __truediv__(self, key: str) -> "Place":
        """What stands under `key`, references followed; None when nothing does."""
        self.document.spend(1 + len(self.pointer) // 500)
        escaped = key.replace("~", "~0").replace("/", "~1")
        return Place(
            document=self.document,
            value=_child(self.value, key),
            pointer=f"{self.pointer}/{escaped}",
        )._followed()

    def items(self) -> "Iterator[tuple[str, Place]]":
        """Each key of a map, or index of a list, with what stands there."""
        if isinstance(self.value, dict):
            keys = list(self.value)
        else:
            length = len(self.value) if isinstance(self.value, list) else 0
            keys = list(map(str, range(length)))
        for key in keys:
            yield key, self / key

    @property
    def is_map(self) -> bool:
        return isinstance(self.value, dict)

    @property
    def text(self) -> str:
        """The value if it is text, else ""."""
        return self.value if isinstance(self.value, str) else ""

    def _followed(self) -> "Place":
        place, by = self, []
        while isinstance(place.value, dict) and isinstance(
            ref := place.value.get("$ref"), str
        ):
            by.append(place)
            local = ref.startswith("#") and len(ref) <= _MAX_REFERENCE
            if not local:
                self.document.elsewhere[ref[:_MAX_REFERENCE]] = None
            if not local or len(by) > _MAX_HOPS:
                return replace(self, value=None)
            place = self._at(ref[1:])
        return replace(place, by=tuple(by)) if by else place

    def _at(self, pointer: str) -> "Place":
        self.document.spend(1 + len(pointer) // 100)
        value = self.document.tree.root
        for key in pointer.split("/")[1:]:
            value = _child(value, _unescaped(key))
        return replace(self, value=value, pointer=pointer)


def read_document(raw: bytes) -> Document:
    """The OpenAPI document in `raw`.

    :raises InputUnusable: when it is none, or cannot be read.
    """
    tree = read_tree(raw)
    if not isinstance(tree.root, dict):
        refuse("is no OpenAPI document: it is not a map")
    if "swagger" in tree.root:
        refuse("is Swagger 2.0; convert it to OpenAPI 3 first")
    if "openapi" not in tree.root:
        refuse('is no OpenAPI document: it has no key "openapi"')
    version = str(tree.root["openapi"])
    if not _VERSION.fullmatch(version):
        refuse(f"is OpenAPI {version[:20]!a}; 3.0, 3.1 and 3.2 are read")
    return Document(tree=tree, version=version)


def _child(value: Value, key: str) -> Value:
    if isinstance(value, dict):
        return value.get(key)
    if isinstance(value, list) and key.isdecimal() and len(key) < 8:
        return value[int(key)] if int(key) < len(value) else None
    return None


def _unescaped(key: str) -> str:
    return key.replace("~1", "/").replace("~0", "~")
