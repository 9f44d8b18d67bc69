"""The operations below a map of path items, and all that is said of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from oauthapp.explain.document import Place
from oauthapp.explain.finding import Said
from oauthapp.kinds import Question

#: Longer texts are cut: what matters is said at the beginning.
MAX_TEXT: Final = 20_000
METHODS: Final = (
    "get",
    "put",
    "post",
    "delete",
    "options",
    "head",
    "patch",
    "trace",
    "query",
)


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One method of one path, callback or webhook."""

    #: Or the name of a webhook, or the expression of a callback.
    path: str
    method: str
    place: Place
    item: Place

    @property
    def name(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def said(self) -> tuple[Said, ...]:
        """Of the operation, its path and what it carries."""
        return (
            *said(self.place, "description", "summary"),
            *said(self.item, "description", "summary"),
            *said(self.place / "requestBody", "description"),
        )

    @property
    def answered(self) -> tuple[Said, ...]:
        """Of what may be answered."""
        answers = [answer for _code, answer in (self.place / "responses").items()]
        return tuple(one for answer in answers for one in said(answer, "description"))

    def as_sent_by_the_api(self, under: str) -> dict[Question, Said]:
        """What the structure answers of a request that the API's own server sends."""
        facts: dict[Question, Said] = {
            "who": Said(
                text=f"the API’s own server, as for all {under}",
                pointer=self.place.pointer,
            ),
            "method": Said(text=self.method.upper(), pointer=self.place.pointer),
        }
        for code, answer in (self.place / "responses").items():
            later = answer / "headers" / "Retry-After"
            if not code.startswith("2") and later.is_map:
                facts["failure"] = Said(
                    text=f"{code}: Retry-After says when to call again",
                    pointer=later.pointer,
                )
        return facts


def operations(items: Place) -> Iterator[Operation]:
    """Each operation of each path item, in the document's order."""
    for path, item in items.items():
        for method in METHODS:
            if (place := item / method).is_map:
                yield Operation(path=path, method=method, place=place, item=item)


def said(place: Place, *keys: str) -> Iterator[Said]:
    """What stands under `keys`, also beside the references that lead there."""
    for one in (*place.by, place):
        for key in keys:
            text = one.value.get(key) if isinstance(one.value, dict) else None
            if isinstance(text, str) and text.strip():
                place.document.spend(1 + len(text) // 200)
                yield Said(text=text[:MAX_TEXT], pointer=f"{one.pointer}/{key}")
