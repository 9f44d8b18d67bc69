"""An HTTP request as somebody saved it: its headers and the bytes of its body. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from oauthapp.errors import InputUnusable
from oauthapp.recorder.kept import is_kept

_REQUEST_LINE = re.compile(rb"[A-Z]+ \S+ HTTP/[0-9.]+")
#: A name is a token, a value has no control characters but the tab (RFC 9110 §5). The
#: spaces around it are taken off later: a pattern would try each as the end of others.
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\t\x20-\x7e\x80-\xff]*)")
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, kw_only=True)
class RawRequest:
    """What is left of a request when it was saved."""

    #: By name in lower case. One that came twice is joined with a comma, as servers do.
    headers: dict[str, str]
    body: bytes


def read_request(saved: bytes) -> RawRequest:
    """The request in a file: the request line may be missing, lines may end in LF.

    :raises InputUnusable: it is no such thing; says which line or what is missing.
    """
    parts = _END_OF_HEADERS.split(saved.lstrip(b"\r\n"), maxsplit=1)
    if len(parts) != 2:
        raise InputUnusable("request: no empty line stands between headers and body")
    lines = [line.removesuffix(b"\r") for line in parts[0].split(b"\n")]
    first = 1 if _REQUEST_LINE.fullmatch(lines[0]) else 0
    headers = _headers(enumerate(lines[first:], first + 1))
    return RawRequest(headers=headers, body=_body(headers, parts[1]))


def _headers(lines: Iterable[tuple[int, bytes]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for number, line in lines:
        found = _HEADER.fullmatch(line)
        if found is None:
            raise InputUnusable(
                f"request: line {number} is no header; write each as Name: value, "
                "in one line"
            )
        name, value = (part.strip(b" \t").decode("latin-1") for part in found.groups())
        before = headers.get(name.lower())
        headers[name.lower()] = value if before is None else f"{before},{value}"
    return headers


def _body(headers: dict[str, str], rest: bytes) -> bytes:
    """What a server would have read, so that an editor's last line break is not."""
    if "transfer-encoding" in headers:
        raise InputUnusable(
            "request: Transfer-Encoding; save the body in one piece, and remove it"
        )
    length = headers.get("content-length")
    if length is None:
        return rest
    if not re.fullmatch(r"[0-9]{1,12}", length):
        raise InputUnusable("request: Content-Length is no number")
    first = rest.partition(b"\n")[0].rstrip(b"\r").decode("latin-1")
    if int(length) != len(first) and not is_kept(first):  # as the inspector exports it
        raise InputUnusable(f"request: its body was not kept: {first}")
    if int(length) > len(rest):
        raise InputUnusable(
            f"request: Content-Length says {int(length)} bytes, here are {len(rest)}"
        )
    return rest[: int(length)]
