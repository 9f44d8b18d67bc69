"""A WSGI application's answer, whole (PEP 3333). Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from typing import Any

Headers = list[tuple[str, str]]


@dataclass(kw_only=True, slots=True)
class Answer:
    """What the application answered."""

    #: As it is written: the code and its phrase.
    status: str = "500 Internal Server Error"
    headers: Headers = field(default_factory=list)
    body: bytes = b""

    @property
    def code(self) -> int:
        """The three digits."""
        return int(self.status[:3])

    def start(self, status: str, headers: Headers, _error: object = None) -> None:
        """WSGI's `start_response`."""
        self.status, self.headers = status, headers


def ask(wsgi: Callable[..., Any], environ: dict[str, Any]) -> Answer:
    """What the application makes of it."""
    answer = Answer()
    pieces = wsgi(environ, answer.start)
    try:
        answer.body = b"".join(pieces)
    finally:
        getattr(pieces, "close", lambda: None)()
    return answer
