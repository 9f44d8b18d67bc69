"""A server on a socket: what it takes and what it does not."""

from http.client import HTTPConnection

import pytest
from flask import Flask
from flask import request

from oauthapp.pages import make_flask
from oauthapp.serving import BODY_LIMIT
from oauthapp.serving import HEADER_LIMIT
from oauthapp.serving import Server


@pytest.mark.parametrize(("size", "status"), [(100_000, 200), (HEADER_LIMIT, 413)])
def test_headers_do_not_fill_the_memory(size: int, status: int) -> None:
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "")
    server = Server("127.0.0.1", 0)
    with server.running(app.wsgi_app):
        connection = HTTPConnection("127.0.0.1", server.port, timeout=5)
        connection.request("GET", "/", headers={"X-Long": "x" * size})
        assert connection.getresponse().status == status
        connection.close()


def test_an_address_of_any_length_is_answered() -> None:
    app = Flask(__name__)
    server = Server("127.0.0.1", 0)
    with server.running(app.wsgi_app):
        connection = HTTPConnection("127.0.0.1", server.port, timeout=5)
        connection.request("GET", "/" + "x" * HEADER_LIMIT)
        assert connection.getresponse().status in (413, 414)
        connection.close()


@pytest.mark.parametrize(
    ("size", "whole"), [(BODY_LIMIT // 2, True), (BODY_LIMIT + 1, False)]
)
def test_a_body_in_chunks_is_taken_whole_or_refused(size: int, whole: bool) -> None:
    app = make_flask(
        "oauthapp", party="app", secret_key="k" * 32, url="http://localhost:5000"
    )
    app.config["WTF_CSRF_ENABLED"] = False
    app.add_url_rule(
        "/size", methods=["POST"], view_func=lambda: str(len(request.get_data()))
    )
    parts = (b"a" * min(8192, size - at) for at in range(0, size, 8192))
    server = Server("127.0.0.1", 0)
    with server.running(app.wsgi_app):
        connection = HTTPConnection("127.0.0.1", server.port, timeout=5)
        connection.request("POST", "/size", body=parts, encode_chunked=True)
        answer = connection.getresponse()
        said = answer.read()
        connection.close()

    assert said == str(size).encode() if whole else answer.status in (400, 413)
