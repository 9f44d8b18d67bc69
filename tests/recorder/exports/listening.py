"""A server that keeps each request byte for byte, and says nothing but 204."""

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread


class Heard(socketserver.StreamRequestHandler):
    """Reads one request as it comes."""

    def handle(self) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = self.rfile.readline()
            if not line:
                return
            head += line
        lines = head.split(b"\r\n")[1:-2]
        pairs = [line.split(b":", 1) for line in lines]
        length = {key.lower(): value for key, value in pairs}.get(b"content-length")
        body = self.rfile.read(int(length)) if length else b""
        self.server.requests.append((head, body))  # type: ignore[attr-defined]
        self.wfile.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")


class Listener(socketserver.TCPServer):
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Heard)
        self.requests: list[tuple[bytes, bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def listening() -> Iterator[Listener]:
    """A listener, until the block ends."""
    with Listener() as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
