"""Who stands before several replicas: each request goes to the next one of them."""

import threading
from collections.abc import Iterable
from collections.abc import Sequence
from itertools import cycle
from typing import Any

import requests
from werkzeug.wrappers import Request
from werkzeug.wrappers import Response

#: Of one connection, not of what is carried.
_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "server", "date"}


class Balancer:
    """A WSGI application that answers as its replicas do, in turn."""

    def __init__(self, replicas: Sequence[str]) -> None:
        self._next = cycle(replicas)
        self._lock = threading.Lock()
        #: Which replica answered what, in order.
        self.answered: list[tuple[str, str]] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        with self._lock:
            replica = next(self._next)
            self.answered.append((replica, request.path))
        answer = requests.request(
            request.method,
            f"{replica}{request.full_path.rstrip('?')}",
            headers=dict(request.headers),
            data=request.get_data(),
            allow_redirects=False,
            timeout=20,
        )
        passed = Response(answer.content, answer.status_code)
        for name in {name for name in answer.raw.headers if name}:
            if name.lower() not in _HOP_BY_HOP:
                passed.headers.setlist(name, answer.raw.headers.getlist(name))
        return passed(environ, start_response)

    def turn(self) -> None:
        """Let the next request go to the other replica than it would."""
        with self._lock:
            next(self._next)
