"""The headers of a request as RFC 9112 §5 has them, for the server that we embed.

What two servers in a row would read in different ways is refused, so that a proxy in
front of ours cannot be talked into passing on a request that it never saw.
"""

import re
from collections import Counter
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from cheroot.server import HeaderReader
from cheroot.server import HTTPConnection
from cheroot.server import HTTPRequest

#: Neither folded nor with a space before the colon, no control character but the tab.
#: The spaces around a value are taken off later: a pattern for them would try each of
#: them as the end of all others, for hours if they are many and the line is no header.
_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\t\x20-\x7e\x80-\xff]*)\r\n")
_LENGTH = re.compile(rb"[0-9]{1,18}")
#: Whose request it is and where its body ends is said once.
_ONCE = frozenset({b"content-length", b"transfer-encoding", b"host"})


class _StrictHeaders(HeaderReader):
    def __call__(self, rfile: Any, hdict: Any = None) -> Any:
        """The headers.

        :raises ValueError: for what cheroot then answers with 400.
        """
        lines, pairs = [], []
        while (line := rfile.readline()) != b"\r\n":
            found = _LINE.fullmatch(line)
            if found is None:
                raise ValueError("A malformed header line.")
            lines.append(line)
            pairs.append((found[1].lower(), found[2].strip(b" \t")))
        _require_one_end(pairs)
        return super().__call__(BytesIO(b"".join([*lines, b"\r\n"])), hdict)


class _Request(HTTPRequest):
    header_reader = _StrictHeaders()

    def respond(self) -> None:
        self.conn.last_path = self.path
        super().respond()


class StrictConnection(HTTPConnection):
    """A connection whose requests have such headers."""

    RequestHandlerClass = _Request
    #: Where its last request went.
    last_path = b""


def _require_one_end(pairs: Sequence[tuple[bytes, bytes]]) -> None:
    came = Counter(name for name, _value in pairs if name in _ONCE)
    if came.total() > len(came):
        raise ValueError("A header that comes once came again.")
    if len(came.keys() - {b"host"}) > 1:
        raise ValueError("Content-Length beside Transfer-Encoding.")
    for name, value in pairs:
        if name == b"content-length" and not _LENGTH.fullmatch(value):
            raise ValueError("Malformed Content-Length Header.")
