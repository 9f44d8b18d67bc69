"""A call as HTTP writes it: the request, then the answer (RFC 9112). Pure.

What was secret stands there as its mask, and what a terminal would obey as an escape,
so this is for reading: sizes and signatures are those of the call as it was.
"""

from collections.abc import Iterator
from http import HTTPStatus

from oauthapp.recorder.call import Call
from oauthapp.recorder.call import Headers
from oauthapp.recorder.kept import header
from oauthapp.recorder.parts import target
from oauthapp.recorder.step import place_of
from oauthapp.recorder.visible import BREAKS
from oauthapp.recorder.visible import visible


def raw_http(call: Call) -> str:
    """Both messages, parted by an empty line."""
    return f"{request(call)}\r\n\r\n{answer(call)}\r\n"


def request(call: Call) -> str:
    """The request, with a Host header also where the recorder heard none."""
    lines = [visible(f"{call.method} {target(call)} HTTP/1.1")]
    if not header(call.request_headers, "host"):
        lines.append(visible(f"Host: {place_of(call.url)[0]}"))
    return _message([*lines, *_lines(call.request_headers)], call.request_body)


def answer(call: Call) -> str:
    """The answer, or that there was none."""
    if call.status is None:
        return "(no answer)"
    line = f"HTTP/1.1 {call.status} {phrase(call.status)}".rstrip()
    return _message([line, *_lines(call.answer_headers)], call.answer_body)


def phrase(status: int) -> str:
    """What a status is called, "" when it is none we know."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _lines(headers: Headers) -> Iterator[str]:
    return (visible(f"{name}: {value}") for name, value in headers)


def _message(head: list[str], body: str) -> str:
    return "\r\n".join(head) + "\r\n\r\n" + visible(body, but=BREAKS)
