"""A request as WSGI has it (PEP 3333), and the application's answer to it. Pure."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from io import BytesIO
from typing import Any

Headers = list[tuple[str, str]]

#: Headers without the prefix of the others.
_PLAIN = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


@dataclass(kw_only=True)
class Answer:
    """What the application answered, whole."""

    status: int = 500
    headers: Headers = field(default_factory=list)
    body: bytes = b""

    def start(self, status: str, headers: Headers, _error: object = None) -> None:
        """WSGI's `start_response`."""
        self.status = int(status[:3])
        self.headers = [(name.lower(), value) for name, value in headers]


def environ_of(scope: Any, body: bytes) -> dict[str, Any]:
    """The environ of a request whose body is all there."""
    host, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": _as_latin1(scope.path),
        "QUERY_STRING": _as_latin1(scope.query_string),
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if "_" in name:  # it would be taken for the one with a hyphen
            continue
        key = _PLAIN.get(name) or f"HTTP_{name.upper().replace('-', '_')}"
        joint = "; " if name == "cookie" else ","
        environ[key] = f"{environ[key]}{joint}{value}" if key in environ else value
    if environ.pop("HTTP_TRANSFER_ENCODING", None) is not None:
        environ["CONTENT_LENGTH"] = str(len(body))  # it came in chunks, and is whole
    return environ


def ask(wsgi: Callable[..., Any], environ: dict[str, Any]) -> Answer:
    """What the application makes of it."""
    answer = Answer()
    pieces = wsgi(environ, answer.start)
    try:
        answer.body = b"".join(pieces)
    finally:
        getattr(pieces, "close", lambda: None)()
    return answer


def _as_latin1(text: str) -> str:
    """WSGI's way to hand over bytes."""
    return text.encode().decode("latin-1")
