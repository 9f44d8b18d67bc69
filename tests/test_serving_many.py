"""Many callers at once: each is accepted, and may keep its connection."""

from contextlib import ExitStack
from contextlib import closing
from http.client import HTTPConnection

from oauthapp.serving import Server


def application(_environ: object, start_response: object) -> list[bytes]:
    start_response("204 No Content", [])  # type: ignore[operator]
    return []


def test_a_hundred_connections_are_answered_and_kept_open() -> None:
    server = Server("127.0.0.1", 0)
    with server.running(application), ExitStack() as stack:
        connections = [
            stack.enter_context(closing(HTTPConnection("127.0.0.1", server.port, 30)))
            for _ in range(100)
        ]
        for connection in connections:
            connection.connect()
        kept = []
        for _ in range(2):
            for connection in connections:
                connection.request("POST", "/")
                answer = connection.getresponse()
                answer.read()
                kept.append((answer.status, answer.getheader("Connection")))

    assert set(kept) == {(204, None)}
