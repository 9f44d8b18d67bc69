"""Requests as the server's own threads read them, without a socket."""

from functools import cache
from typing import Any

from cheroot import wsgi

from oauthapp.strict_headers import StrictConnection

Environ = dict[str, Any]


class _Wire:
    """A socket on which all of it has come, and no more will."""

    def __init__(self, raw: bytes) -> None:
        self.left = raw

    def recv_into(self, room: memoryview) -> int:
        some, self.left = self.left[: len(room)], self.left[len(room) :]
        room[: len(some)] = some
        return len(some)

    def send(self, data: bytes) -> int:
        return len(data)

    def _decref_socketios(self) -> None:
        pass


def read_by_the_server(raw: bytes, *, most: int = 1) -> list[Environ]:
    """What each request asks the application, its body as "body"; so many at most."""
    server, seen = _server()
    seen.clear()
    connection = StrictConnection(server, _Wire(raw))
    for _ in range(most):
        connection.communicate()
    return list(seen)


@cache
def _server() -> tuple[Any, list[Environ]]:
    """One that listens nowhere, and what its application was asked."""
    seen: list[Environ] = []

    def application(environ: Environ, start: Any) -> list[bytes]:
        seen.append({**environ, "body": environ["wsgi.input"].read()})
        start("204 No Content", [])
        return []

    return wsgi.Server(("127.0.0.1", 0), application), seen
