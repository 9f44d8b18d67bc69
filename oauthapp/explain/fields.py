"""Which fields of a request name a callback URL?"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from oauthapp.explain.document import Place
from oauthapp.explain.finding import Said
from oauthapp.explain.finding import Subject
from oauthapp.explain.names import BARE
from oauthapp.explain.names import HOOK_PATH
from oauthapp.explain.names import UNSURE
from oauthapp.explain.names import in_words
from oauthapp.explain.names import kind_by_words
from oauthapp.explain.names import kind_named
from oauthapp.explain.operation import Operation
from oauthapp.explain.operation import said
from oauthapp.kinds import Kind
from oauthapp.kinds import Question

#: Where a schema has further schemas: under names, in a list, or one.
_NAMED: Final = ("properties", "patternProperties")
_LISTED: Final = ("allOf", "anyOf", "oneOf", "prefixItems")
_SINGLE: Final = ("items", "additionalProperties", "then", "else")
_MAX_STEPS: Final = 32


@dataclass(frozen=True)
class Properties:
    """A map of properties: one may be long, so that all in it share what it says."""

    place: Place

    @cached_property
    def methods(self) -> dict[str, Said]:
        """The properties that are named like methods, by their names in words."""
        found: dict[str, Said] = {}
        for name, place in self.place.items():
            if (words := in_words(name)).endswith("_method"):
                said = Said(text=f"{name} says which", pointer=place.pointer)
                found.setdefault(words, said)
        return found


@dataclass(frozen=True, kw_only=True)
class Field:
    """A property or parameter of an operation's request."""

    name: str
    place: Place
    operation: Operation
    #: What it stands among, None for a parameter.
    among: Properties | None = None
    #: The name of the property it stands in, or "".
    within: str = ""

    @property
    def said(self) -> tuple[Said, ...]:
        return (
            *said(self.place, "description", "title"),
            *said(self.place / "schema", "description", "title"),
        )

    @property
    def kind(self) -> Kind | None:
        """By name alone; None when the name is not one of a callback URL."""
        if not _may_be_a_url(self.place):
            return None
        if not BARE.search(in_words(self.name)):
            return kind_named(self.name)
        if HOOK_PATH.search(self.operation.path):
            return "webhook"
        return kind_named(f"{self.within}_url")

    def subject(self, kind: Kind, far: tuple[Said, ...]) -> Subject:
        """The field as a callback URL; if any kind has such a name, words decide."""
        because = f"it is named {self.name}"
        if kind in UNSURE:
            by_words, words = kind_by_words(*(one.text for one in self.said))
            kind = by_words or kind
            because += f", and described as {words!r}" if words else ""
        elif BARE.search(in_words(self.name)):
            because = f"it is the {self.name} in {self.within or self.operation.name}"
        return Subject(
            kind=kind,
            because=because,
            name=self.name,
            where=self.operation.name,
            pointer=self.place.pointer,
            near=self.said,
            far=far,
            facts=self._method_beside(),
        )

    def _method_beside(self) -> dict[Question, Said]:
        """`statusCallbackMethod` beside `statusCallback` answers by which method."""
        words = in_words(self.name)
        for name in (f"{words}_method", f"{words.removesuffix('_url')}_method"):
            if self.among and name in self.among.methods:
                return {"method": self.among.methods[name]}
        return {}


def fields(operation: Operation, walked: set[str]) -> Iterator[tuple[Kind, Field]]:
    """The fields of a request that are named like callback URLs, and like which.

    :param walked: pointers of schemas that need not be walked again; grows.
    """
    for field in _all_fields(operation, walked):
        if kind := field.kind:
            yield kind, field


def field_at(
    operation: Operation, *, body: str | None, parameter: str | None
) -> Field | None:
    """The field that a callback's expression speaks of."""
    if parameter is not None:
        named = (one for one in _parameters(operation) if one.name == parameter)
        return next(named, None)
    keys = (body or "").split("/")[1:]
    for schema in _bodies(operation):
        among = schema
        for key in keys[:_MAX_STEPS]:
            among, schema = schema, _property(schema, key)
        if schema.is_map:
            return Field(
                name=keys[-1],
                place=schema,
                operation=operation,
                among=Properties(among / "properties"),
            )
    return None


def _property(schema: Place, key: str) -> Place:
    """A property, also one that a part of `allOf` and the like has."""
    own = schema / "properties" / key
    if own.is_map:
        return own
    parts = [part for name in _LISTED for _index, part in (schema / name).items()]
    found = (part / "properties" / key for part in parts)
    return next((one for one in found if one.is_map), own)


def _all_fields(operation: Operation, walked: set[str]) -> Iterator[Field]:
    for parameter in _parameters(operation):
        if parameter.place.pointer not in walked:
            walked.add(parameter.place.pointer)
            yield parameter
    todo = [(schema, "") for schema in _bodies(operation)]
    while todo:
        schema, within = todo.pop()
        if schema.pointer in walked or not schema.is_map:
            continue
        walked.add(schema.pointer)
        for key in _NAMED:
            among = Properties(schema / key)
            for name, place in among.place.items():
                yield Field(
                    name=name,
                    place=place,
                    operation=operation,
                    among=among,
                    within=within,
                )
                todo.append((place, name))
        for key in _LISTED:
            todo.extend((part, within) for _index, part in (schema / key).items())
        todo.extend((schema / key, within) for key in _SINGLE)


def _parameters(operation: Operation) -> Iterator[Field]:
    for owner in (operation.place, operation.item):
        for _index, place in (owner / "parameters").items():
            if name := (place / "name").text:
                yield Field(name=name, place=place, operation=operation)


def _bodies(operation: Operation) -> Iterator[Place]:
    for _type, content in (operation.place / "requestBody" / "content").items():
        yield content / "schema"


def _may_be_a_url(place: Place) -> bool:
    """Text, a list of texts, or nothing that says otherwise."""
    schema = place / "schema" if (place / "schema").is_map else place
    if (schema / "properties").is_map:
        return False
    kind = (schema / "type").value
    if kind == "array":
        kind = (schema / "items" / "type").value or "string"
    kinds = kind if isinstance(kind, list) else [kind or "string"]
    return "string" in kinds
