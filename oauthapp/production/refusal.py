"""What is refused before the application hears of it, as its other server does."""

from typing import Any

#: What the server calls itself, and no more.
NAME = [("server", "oauthapp")]
#: Of such an answer: the connection may be in the middle of a body.
HEADERS = [("content-length", "0"), ("connection", "close"), *NAME]


class NotTaken(Exception):
    """This request is not handed over."""

    def __init__(self, status: int) -> None:
        self.status = status


def require_one_host(scope: Any) -> None:
    """Two of them would be read by each part in its own way (RFC 9112 §3.2).

    :raises NotTaken: when there is none in HTTP/1.1, or more than one.
    """
    count = sum(name == "host" for name, _value in scope.headers.items())
    if count > 1 or (not count and scope.http_version == "1.1"):
        raise NotTaken(400)
