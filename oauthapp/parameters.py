"""Parameters of OAuth as they came: in order, duplicates included. Pure."""

from collections import Counter
from collections.abc import Iterable
from urllib.parse import quote
from urllib.parse import urlencode

#: Name and value in the order they came, duplicates included.
Parameters = tuple[tuple[str, str], ...]


def get(parameters: Parameters, name: str) -> str:
    """The first value of `name`, empty when it did not come."""
    return next((value for key, value in parameters if key == name), "")


def repeated(parameters: Parameters) -> tuple[str, ...]:
    """The names that came more than once."""
    came = Counter(name for name, _value in parameters)
    return tuple(sorted(name for name, times in came.items() if times > 1))


def add_to_query(uri: str, pairs: Iterable[tuple[str, str]]) -> str:
    """`uri`, untouched, with `pairs` added to its query."""
    query = urlencode(list(pairs), errors="surrogateescape", quote_via=quote, safe="")
    return f"{uri}{'&' if '?' in uri else '?'}{query}"
