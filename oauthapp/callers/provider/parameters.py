"""What a client sent, as it was sent: nothing merged, replaced or dropped."""

from collections.abc import Iterable
from urllib.parse import parse_qsl
from urllib.parse import quote
from urllib.parse import urlencode

from flask import request

#: Name and value in the order they came, duplicates included.
Parameters = tuple[tuple[str, str], ...]


def sent_parameters() -> Parameters:
    """The parameters of this request: of the form for POST, else of the query.

    Bytes that are no UTF-8 survive as surrogates, so that `state` can be given back
    byte for byte.
    """
    if request.method == "POST":
        raw = request.get_data(cache=True)
        if request.mimetype != "application/x-www-form-urlencoded":
            return ()
    else:
        raw = request.query_string
    text = raw.decode("utf-8", "surrogateescape")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="surrogateescape")
    except ValueError:
        return ()
    return tuple(pairs)


def get(parameters: Parameters, name: str) -> str:
    """The first value of `name`, empty when it did not come."""
    return next((value for key, value in parameters if key == name), "")


def repeated(parameters: Parameters) -> tuple[str, ...]:
    """The names that came more than once."""
    names = [name for name, _value in parameters]
    return tuple(sorted({name for name in names if names.count(name) > 1}))


def add_to_query(uri: str, pairs: Iterable[tuple[str, str]]) -> str:
    """`uri`, untouched, with `pairs` added to its query."""
    query = urlencode(list(pairs), errors="surrogateescape", quote_via=quote, safe="")
    return f"{uri}{'&' if '?' in uri else '?'}{query}"


def printable(text: str) -> str:
    """`text` for a page: control characters and broken UTF-8 shown as escapes."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text[:500])
