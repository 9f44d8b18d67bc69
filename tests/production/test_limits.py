"""What a server of several processes takes, and what it does not wait for."""

import json
from contextlib import ExitStack
from typing import Any

import pytest
import requests

from oauthapp.serving import BODY_LIMIT
from oauthapp.serving import HEADER_LIMIT
from tests.production.conftest import ask
from tests.production.conftest import connected

HEAD = b"Host: localhost\r\nConnection: close\r\n"
POST = (
    b"POST /webhooks/demo HTTP/1.1\r\n" + HEAD + b"Content-Type: application/json\r\n"
)
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"


#: A body that every part takes.
SIZE = 0x20000


def filled(head: bytes) -> bytes:
    """As much of a head as is read of it."""
    return head.ljust(HEADER_LIMIT, b"x")


def in_chunks(size: int) -> bytes:
    whole = b"2000\r\n" + b"a" * 0x2000 + b"\r\n"
    return whole * (size // 0x2000) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (POST + b"Content-Length: %d\r\n\r\n" % (BODY_LIMIT + 1), 413),
        (POST + b"Content-Length: 3\r\n\r\nabc", 400),
        (CHUNKED + in_chunks(BODY_LIMIT + 0x2000), 413),
        (CHUNKED + in_chunks(SIZE), 400),
        (filled(b"GET / HTTP/1.1\r\n" + HEAD + b"X: "), 431),
        (filled(b"GET /"), 431),
        (b"GET /" + b"x" * 0xFFFF + b" HTTP/1.1\r\n" + HEAD + b"\r\n", 414),
        (b"GET /healthz HTTP/1.1\r\n" + HEAD + b"X-A: 1\r\n" * 200 + b"\r\n", 431),
        (b"GET /healthz HTTP/1.1\r\n" + HEAD + b"\r\n", 200),
        (b"GET /healthz HTTP/1.1\r\n\r\n", 400),
        (b"GET /healthz HTTP/1.1\r\n" + HEAD + b"Host: other\r\n\r\n", 400),
        (b"GET /healthz HTTP/1.0\r\n\r\n", 200),
        (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
        (POST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400),
        (POST + b"Content-Length: +3\r\n\r\nabc", 400),
        (POST + b"X-A: 1\r\n folded\r\n\r\n", 400),
        (b"no HTTP\r\n\r\n", 400),
        (b"GET /crash HTTP/1.1\r\n" + HEAD + b"\r\n", 500),
    ],
    ids=[
        *("long body", "body", "long body in chunks", "body in chunks", "long header"),
        *(
            "endless path",
            "long path",
            "many headers",
            "no body",
            "no host",
            "two hosts",
            "HTTP 1.0",
            "coded body",
            "two lengths",
            "odd length",
            "folded header",
        ),
        *("no HTTP", "crash"),
    ],
)
def test_what_is_too_much_is_refused(port: int, raw: bytes, status: int) -> None:
    found, answer = ask(port, raw)

    assert found == status, answer
    assert b"granian" not in answer


def test_the_application_hears_the_whole_body(port: int) -> None:
    """What it says of it names the size."""
    _, answer = ask(port, CHUNKED + in_chunks(SIZE))

    assert b"%d bytes of body" % SIZE in answer


@pytest.mark.parametrize(
    "raw",
    [POST + b"Content-Length: 30\r\n\r\n{", CHUNKED + b'5\r\n{"a":\r\n'],
    ids=["length", "chunks"],
)
def test_a_body_that_was_cut_off_is_not_handed_over(port: int, raw: bytes) -> None:
    with connected(port) as client:
        client.send(raw)
        client.say_no_more()
        answer = client.answer()

    assert b"header_missing" not in answer, "the application was asked"
    assert answer[9:12] in (b"400", b"")


def test_slow_clients_are_let_go_and_hold_nobody_up(port: int) -> None:
    """More of them than threads; those that trickle are no better."""
    heads, bodies = b"GET / HTTP/1.1\r\nHo", POST + b"Content-Length: 300\r\n\r\n{"
    with ExitStack() as stack:
        slow = [stack.enter_context(connected(port)) for _ in range(200)]
        for number, client in enumerate(slow):
            client.send(bodies if number % 2 else heads)
        healthy = requests.get(f"http://127.0.0.1:{port}/healthz", timeout=5)
        answers = [client.answer() for client in slow]

    assert healthy.status_code == 200
    assert {answer[9:12] for answer in answers[1::2]} == {b"408"}
    assert set(answers[::2]) == {b""}


def test_bodies_that_wait_for_their_end_do_not_fill_the_memory(port: int) -> None:
    half = POST + b"Content-Length: %d\r\n\r\n" % BODY_LIMIT + b"a" * (BODY_LIMIT - 1)
    with connected(port) as one, connected(port) as other:
        for client in (one, other):
            client.send(half)
        said = {one.answer()[9:12], other.answer()[9:12]}
    again, _ = ask(port, POST + b"Content-Length: 3\r\n\r\nabc")

    assert said == {b"408", b"503"}
    assert again == 400, "what was held is free again"


def environ_of(port: int, raw: bytes) -> dict[str, Any]:
    _, answer = ask(port, raw)
    told: dict[str, Any] = json.loads(answer.partition(b"\r\n\r\n")[2])
    return told


def test_a_request_arrives_as_it_was_sent(port: int) -> None:
    raw = (
        b"OPTIONS /environ?a=%C3%A9&b HTTP/1.1\r\n"
        + HEAD
        + b"X-Two: 1\r\nx-two: 2\r\nX_Two: 3\r\nCookie: a=1\r\nCookie: b=2\r\n"
        + b"Content-Type: text/x\r\n\r\n"
    )
    told = environ_of(port, raw)

    assert told.pop("SERVER_PORT") == str(port)
    assert told == {
        "CONTENT_TYPE": "text/x",
        "HTTP_CONNECTION": "close",
        "HTTP_COOKIE": "a=1; b=2",
        "HTTP_HOST": "localhost",
        "HTTP_X_TWO": "1,2",
        "PATH_INFO": "/environ",
        "QUERY_STRING": "a=%C3%A9&b",
        "REMOTE_ADDR": "127.0.0.1",
        "REQUEST_METHOD": "OPTIONS",
        "SCRIPT_NAME": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PROTOCOL": "HTTP/1.1",
    }


def test_a_path_is_decoded_as_everywhere(port: int) -> None:
    """`/callback/<name>` with bytes that are no name is a page that is not there."""
    for path in (b"/caf%C3%A9", b"/%ff", b"/a%2Fb", b"//callback", b"*"):
        method = b"OPTIONS" if path == b"*" else b"GET"
        status, _ = ask(port, method + b" " + path + b" HTTP/1.1\r\n" + HEAD + b"\r\n")
        assert status == 404, path
