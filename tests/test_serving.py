"""A server on a socket: what it takes and what it does not."""

import gc
import socket
import weakref
from http.client import HTTPConnection
from pathlib import Path
from socket import create_connection

import pytest
import trustme
from flask import Flask
from flask import request

from oauthapp.commands.serving import Serving
from oauthapp.errors import SettingsError
from oauthapp.pages import make_flask
from oauthapp.serving import BODY_LIMIT
from oauthapp.serving import HEADER_LIMIT
from oauthapp.serving import Server
from oauthapp.serving import Tls
from oauthapp.serving import free_to_listen
from oauthapp.serving import require_pair


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


@pytest.mark.parametrize(
    "line",
    [
        b" folded at once",
        b"A: b\r\n folded",
        b"Content-Length : 1",
        b"Content-Length: 1\r\ncontent-length: 1",
        b"Content-Length: 1\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        b"Content-Length: +1",
        b"Content-Length: 1_0",
        b"Content-Length: \xd9\xa3",
        b"Host: another.example",
        b"A: b\0c",
        b"A: b\rc",
        b"A\0: b",
        b"no colon",
        b": no name",
        b"A: b\nC: d",
        pytest.param(
            b"A:" + b" " * 4000 + b"\0", id="many spaces, each looked at once"
        ),
    ],
)
def test_headers_that_servers_read_in_different_ways_are_a_bad_request(
    line: bytes,
) -> None:
    assert answered(b"Host: localhost\r\n" + line) == b"HTTP/1.1 400 Bad Request"


@pytest.mark.parametrize(
    "line", [b"A:", b"A: \xff", b"A:\tb \t", b"Content-Length: 0 ", b"A: b\r\nA: c"]
)
def test_headers_that_are_odd_and_plain_are_taken(line: bytes) -> None:
    assert answered(b"Host: localhost\r\n" + line) == b"HTTP/1.1 200 OK"


def answered(headers: bytes) -> bytes:
    """The first line of the answer to a request with these."""
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "")
    server = Server("127.0.0.1", 0)
    with (
        server.running(app.wsgi_app),
        create_connection(("127.0.0.1", server.port), 5) as wire,
    ):
        wire.sendall(b"GET / HTTP/1.1\r\n" + headers + b"\r\n\r\n")
        return wire.recv(1000).partition(b"\r\n")[0]


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


def test_a_port_that_others_share_is_taken_for_several_processes_too() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SettingsError, match=f"port {port} on localhost is taken"):
            free_to_listen("localhost", port)


def test_a_port_held_for_several_processes_is_theirs_alone() -> None:
    with free_to_listen("127.0.0.1", 0) as held, socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        one.bind(held.getsockname())
        with pytest.raises(SettingsError, match="taken"):
            free_to_listen(*held.getsockname())


def test_a_certificate_without_its_key_is_refused(tmp_path: Path) -> None:
    for name in ("own", "other"):
        made = trustme.CA().issue_cert("localhost")
        made.cert_chain_pems[0].write_to_path(tmp_path / f"{name}.crt")
        made.private_key_pem.write_to_path(tmp_path / f"{name}.key")
    own, other, none = (tmp_path / name for name in ("own.key", "other.key", "none"))
    certificate = tmp_path / "own.crt"

    require_pair(Tls(certificate=certificate, key=own))
    with pytest.raises(SettingsError, match="not a certificate and its key"):
        require_pair(Tls(certificate=certificate, key=other))
    with pytest.raises(SettingsError, match="--key: there is no file"):
        require_pair(Tls(certificate=certificate, key=none))
    with pytest.raises(SettingsError, match="give both"):
        Serving(certificate=certificate).tls()


def test_a_server_that_has_stopped_lets_its_application_go() -> None:
    application = Flask(__name__)
    with Server("127.0.0.1", 0).running(application):
        gone = weakref.ref(application)

    del application
    gc.collect()

    assert gone() is None
