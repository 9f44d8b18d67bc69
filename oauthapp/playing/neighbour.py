"""Another app on the same host, which knows nothing of ours and sets a cookie."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from http.server import HTTPServer
from threading import Thread


@contextmanager
def neighbour(host: str, *, sets: str) -> Iterator[str]:
    """Its address, on a port of its own; it sets this cookie for all of the host."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Set-Cookie", f"{sets}; Path=/; HttpOnly; SameSite=Lax")
            self.end_headers()

        def log_message(self, *_said: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,), name="neighbour")
        thread.start()
        try:
            yield f"http://{host}:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
