"""What a client sent, as it was sent: nothing merged, replaced or dropped."""

from urllib.parse import parse_qsl

from flask import request

from oauthapp.parameters import Parameters


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


def printable(text: str) -> str:
    """`text` for a page: control characters and broken UTF-8 shown as escapes."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text[:500])
