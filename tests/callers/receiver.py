"""An endpoint on a real socket that records what it hears and answers as told."""

import threading
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field

import pytest
from werkzeug import Request
from werkzeug import Response
from werkzeug.serving import make_server


@dataclass
class Receiver:
    """An endpoint: what it heard, and what it is to answer (204 when nothing is)."""

    url: str = ""
    answers: list[Response] = field(default_factory=list)
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    #: Answers when no answer is left.
    answer: Callable[[Request], Response] = lambda _request: Response(status=204)

    def __call__(self, environ, start_response):
        request = Request(environ)
        names = {name.lower(): value for name, value in request.headers.items()}
        self.queries.append(request.query_string.decode())
        self.heard.append((names, request.get_data()))
        answer = self.answers.pop(0) if self.answers else self.answer(request)
        return answer(environ, start_response)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    server = make_server("127.0.0.1", 0, receiver, threaded=True)
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield receiver
    server.shutdown()
    thread.join()
    server.server_close()
