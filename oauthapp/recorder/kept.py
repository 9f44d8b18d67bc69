"""What of a call is kept just as it was? All but what redaction replaced. Pure."""

import re
from collections.abc import Iterator

from oauthapp.recorder.call import Call
from oauthapp.recorder.call import Headers

#: What stands for a secret; `parts` are a token's header and claims.
MASK = re.compile(
    r"\[(?P<name>[^\[\]\s]+) (?P<hash>[0-9a-f]{12})(?: (?P<parts>[\w-]+\.[\w-]+))?\]",
    re.ASCII,
)
_INSTEAD_OF_A_BODY = re.compile(
    r"\[(?:unreadable JSON [0-9a-f]{12}, \d+ characters|[^\]]*, \d+ bytes)\]", re.ASCII
)


def header(headers: Headers, name: str) -> str:
    """The first value of that name, "" when there is none.

    :param name: in lower case.
    """
    return next((value for key, value in headers if key.lower() == name), "")


def media_type(headers: Headers) -> str:
    """What the body is announced as, in lower case and without parameters."""
    return header(headers, "content-type").partition(";")[0].strip().lower()


def is_kept(body: str) -> bool:
    """Whether this is a body, and not what is said in its stead."""
    return not _INSTEAD_OF_A_BODY.fullmatch(body)


def request_body(call: Call) -> bytes | None:
    """The request's body byte for byte; None where that is not known.

    A body that was longer than what is kept of one, or that was never read, is told
    by its Content-Length; so are bytes that are no UTF-8, which take more room.
    """
    body = call.request_body.encode("utf-8", "backslashreplace")
    announced = header(call.request_headers, "content-length")
    if announced and announced != str(len(body)):
        return None
    altered = MASK.search(call.request_body) or not is_kept(call.request_body)
    return None if altered else body


def has_masks(call: Call) -> bool:
    """Whether something in the request was secret."""
    return any(MASK.search(text) for text in _request_texts(call))


def _request_texts(call: Call) -> Iterator[str]:
    yield call.url
    yield call.request_body
    for _name, value in call.request_headers:
        yield value
