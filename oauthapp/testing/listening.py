"""A WSGI application on a free port for the length of a test."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from werkzeug.serving import BaseWSGIServer
from werkzeug.serving import WSGIRequestHandler
from werkzeug.serving import make_server

#: Seconds between two looks whether the test is over.
POLL = 0.005


class _Quiet(WSGIRequestHandler):
    """Writes no access log: there would be codes and states in it."""

    def log(self, *_about: object) -> None:
        pass


def bound(host: str, port: int = 0) -> BaseWSGIServer:
    """A server that does not answer yet.

    :param port: 0 takes a free one.
    :raises OSError: when it is taken, or not ours to take.
    """
    if port:  # werkzeug would end the process
        socket.create_server((host, port)).close()
    server = make_server(host, port, _nothing, threaded=True, request_handler=_Quiet)
    server.daemon_threads = False  # type: ignore[attr-defined]
    return server


@contextmanager
def listening(server: BaseWSGIServer, application: Any) -> Iterator[None]:
    """Answer requests with `application` until the block ends, to its last thread."""
    server.app = application
    name = f"port {server.server_port}"
    thread = Thread(target=server.serve_forever, args=(POLL,), name=name)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _nothing(_environ: object, start_response: Any) -> list[bytes]:
    start_response("503 Service Unavailable", [("Content-Length", "0")])
    return []
