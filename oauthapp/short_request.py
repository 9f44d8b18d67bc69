"""A short request that has come whole, read in one go, and its answer. Pure.

Only what nobody could read in two ways is taken: a POST of HTTP/1.1 to a plain path,
each header once, a body of a told length. Of everything else this says nothing, and it
is read as any other request is.
"""

import re
from dataclasses import dataclass
from email.utils import formatdate
from functools import lru_cache
from typing import Any

from oauthapp.asking import Answer

#: Bytes of such a request, head and body.
LIMIT = 64 * 1024

_LINE = re.compile(rb"POST (/(?!/)[A-Za-z0-9/._~-]*) HTTP/1\.1")
#: No line has one; the tab is none of them.
_CONTROLS = bytes([*range(9), *range(10, 32), 127])
#: An underscore would be taken for a hyphen.
_NAME = re.compile(rb"[!#$%&'*+.^`|~0-9A-Za-z-]+")
_LENGTH = re.compile(r"[0-9]{1,5}")
#: What changes how the rest is read, or what follows it.
_NOT_PLAIN = frozenset({"HTTP_TRANSFER_ENCODING", "HTTP_EXPECT", "HTTP_UPGRADE"})
#: Where WSGI has them without the prefix.
_OF_THE_BODY = {
    "HTTP_CONTENT_TYPE": "CONTENT_TYPE",
    "HTTP_CONTENT_LENGTH": "CONTENT_LENGTH",
}
#: Answers that have no body (RFC 9110 §6.4.1).
_WITHOUT_BODY = ("1", "204", "304")


@dataclass(frozen=True, slots=True)
class ShortRequest:
    """What came."""

    path: str
    #: By the names that WSGI gives them, in the order of WSGI's environ.
    headers: dict[str, str]
    body: bytes
    #: Bytes in all.
    size: int

    def environ(self) -> dict[str, Any]:
        """What of WSGI's environ is said by the request itself."""
        return {
            "REQUEST_METHOD": "POST",
            "REQUEST_URI": self.path,
            "PATH_INFO": self.path,
            "QUERY_STRING": "",
            "SCRIPT_NAME": "",
            "SERVER_PROTOCOL": "HTTP/1.1",
            **self.headers,
        }


def read_short(seen: bytes) -> ShortRequest | int | None:
    """The request that these bytes begin with, if it is one.

    :returns: how many bytes it will have when not all of its body has come; None when
        it is none of ours, or not even its head has come.
    """
    head, end, rest = seen.partition(b"\r\n\r\n")
    line, *lines = head.split(b"\r\n")
    asked = _LINE.fullmatch(line)
    if not end or asked is None:
        return None
    headers = _headers(lines)
    if headers is None or not _LENGTH.fullmatch(headers.get("CONTENT_LENGTH", "")):
        return None
    length = int(headers["CONTENT_LENGTH"])
    size = len(head) + len(end) + length
    if size > LIMIT:
        return None
    if length > len(rest):
        return size
    return ShortRequest(asked[1].decode(), headers, rest[:length], size)


def _headers(lines: list[bytes]) -> dict[str, str] | None:
    headers: dict[str, str] = {}
    text = b"".join(lines)
    if text.translate(None, _CONTROLS) != text:
        return None
    for line in lines:
        name, colon, value = line.partition(b":")
        key = _key(name)
        if not colon or not key or key in headers:
            return None
        headers[key] = value.strip(b" \t").decode("latin-1")
    if "HTTP_HOST" not in headers:
        return None
    if headers.get("HTTP_CONNECTION", "keep-alive").lower() != "keep-alive":
        return None
    for before, after in _OF_THE_BODY.items():
        if before in headers:
            headers[after] = headers.pop(before)
    return headers


@lru_cache(maxsize=256)
def _key(name: bytes) -> str:
    """What WSGI calls such a header; nothing if its request is none of ours."""
    key = "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
    return key if _NAME.fullmatch(name) and key not in _NOT_PLAIN else ""


def written(answer: Answer, server: str, now: float) -> bytes:
    """The answer as it is sent, the connection staying open.

    :param server: what we call ourselves.
    :param now: seconds since 1970.
    """
    given = {name.lower() for name, _value in answer.headers}
    lines = [f"HTTP/1.1 {answer.status}"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    bodiless = answer.status.startswith(_WITHOUT_BODY)
    if not bodiless and "content-length" not in given:
        lines.append(f"Content-Length: {len(answer.body)}")
    if "date" not in given:
        lines.append(f"Date: {_date(int(now))}")
    if "server" not in given:
        lines.append(f"Server: {server}")
    head = "\r\n".join([*lines, "\r\n"]).encode("latin-1")
    return head if bodiless else head + answer.body


@lru_cache(maxsize=2)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)
