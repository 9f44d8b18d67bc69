"""A short request that has come whole: what is taken, and that it is read as always."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.fuzz.targets.short_request import short_request
from oauthapp.asking import Answer
from oauthapp.short_request import ShortRequest
from oauthapp.short_request import read_short
from oauthapp.short_request import written

HEAD = b"POST /webhooks/demo HTTP/1.1\r\nHost: localhost\r\n"
PLAIN = HEAD + b"Content-Length: 2\r\n\r\n{}"

TOKEN = "!#$%&'*+.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-"
NAMES = st.sampled_from(
    ["Content-Type", "content-length", "Host", "Webhook-Id", "X-A", "x-a", "X_A"]
    + ["Connection", "Transfer-Encoding", "Expect", "Upgrade", "Accept", "Cookie"]
) | st.text(TOKEN, min_size=1, max_size=10)
VALUES = st.sampled_from(
    ["", "2", "keep-alive", "Keep-Alive", "close", "chunked", "100-continue", "a, b"]
) | st.text(st.characters(max_codepoint=255), max_size=20)
PATHS = st.sampled_from(["/webhooks/demo", "/webhooks/", "/", "/a.b/~c", "//a"]) | (
    st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20)
)


@given(
    path=PATHS,
    lines=st.lists(st.tuples(NAMES, VALUES), max_size=5),
    body=st.binary(max_size=12),
    tells_length=st.booleans(),
)
def test_what_is_taken_is_read_as_it_always_is(
    path: str, lines: list[tuple[str, str]], body: bytes, tells_length: bool
) -> None:
    told = [("Host", "localhost")] if tells_length else []
    told += [("Content-Length", str(len(body)))] if tells_length else []
    raw = f"POST {path} HTTP/1.1\r\n".encode()
    raw += "".join(f"{name}: {value}\r\n" for name, value in told + lines).encode(
        "latin-1"
    )
    raw += b"\r\n" + body

    short_request(raw)  # it takes few of them, and those it compares


def test_a_plain_one_is_taken() -> None:
    request = read_short(PLAIN + b"POST /next")

    assert isinstance(request, ShortRequest)
    assert request.path == "/webhooks/demo"
    assert request.headers == {"HTTP_HOST": "localhost", "CONTENT_LENGTH": "2"}
    assert (request.body, request.size) == (b"{}", len(PLAIN))


def test_what_has_not_wholly_come_is_not_taken() -> None:
    head = len(PLAIN) - len(b"{}")
    assert all(read_short(PLAIN[:size]) is None for size in range(head))
    assert [read_short(PLAIN[:size]) for size in (head, head + 1)] == [len(PLAIN)] * 2


def test_what_is_too_long_is_not_taken() -> None:
    head = HEAD + b"Content-Length: 65000\r\n"

    assert read_short(head + b"\r\n") == len(head) + 2 + 65000
    assert read_short(head + b"A: " + b"b" * 1000 + b"\r\n\r\n") is None


@given(st.binary(max_size=200))
def test_nothing_that_comes_is_an_error(raw: bytes) -> None:
    assert read_short(raw) is None
    read_short(PLAIN[:-4] + raw)
    read_short(PLAIN[:40] + raw + PLAIN[40:])


@pytest.mark.parametrize(
    "line",
    [
        b"Transfer-Encoding: chunked",
        b"Expect: 100-continue",
        b"Upgrade: websocket",
        b"Connection: close",
        b"Content-Length: 2",
        b"Host: localhost",
        b"X_Under: score",
        b"A: b\r\nA: c",
        b"A: b\r\n folded",
        b"A : b",
        b": b",
        b"no colon",
        b"A: b\0",
        b"A: b\x7f",
        b"A: b\rc",
        b"A: b\nC: d",
    ],
)
def test_what_might_be_read_in_two_ways_is_not_taken(line: bytes) -> None:
    assert read_short(HEAD + line + b"\r\nContent-Length: 2\r\n\r\n{}") is None


@pytest.mark.parametrize(
    ("what", "instead"),
    [
        (b"POST", b"GET"),
        (b"POST", b"post"),
        (b"HTTP/1.1", b"HTTP/1.0"),
        (b"/webhooks/demo", b"/webhooks/d%65mo"),
        (b"/webhooks/demo", b"/webhooks/demo?a=b"),
        (b"/webhooks/demo", b"http://localhost/webhooks/demo"),
        (b"/webhooks/demo", b"webhooks/demo"),
        (b"Host: localhost\r\n", b""),
        (b"Content-Length: 2\r\n", b""),
        (b"Content-Length: 2", b"Content-Length: +2"),
        (b"Content-Length: 2", b"Content-Length: 100000"),
        (b"Content-Length: 2", b"Content-Length: \xb2"),
    ],
)
def test_what_is_not_plain_is_not_taken(what: bytes, instead: bytes) -> None:
    assert read_short(PLAIN.replace(what, instead)) is None


def test_a_head_of_any_kind_is_read_in_one_go() -> None:
    # With a pattern that tries one end after the other this would take hours.
    assert read_short(HEAD + b"A:" + b" " * 60_000 + b"\0\r\n\r\n") is None


def test_an_answer_tells_its_length_its_time_and_who_it_is_from() -> None:
    answer = Answer(status="200 OK", headers=[("X-A", "b")], body=b"{}")

    assert written(answer, "oauthapp", 784111777.9) == (
        b"HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 2\r\n"
        b"Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nServer: oauthapp\r\n\r\n{}"
    )


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
def test_an_answer_that_has_no_body_tells_no_length(status: str) -> None:
    answer = Answer(status=status, body=b"lost")

    assert written(answer, "oauthapp", 0.0).endswith(b"Server: oauthapp\r\n\r\n")
    assert b"Length" not in written(answer, "oauthapp", 0.0)


def test_an_answer_says_nothing_twice() -> None:
    given = [("content-length", "2"), ("date", "today"), ("server", "other")]

    data = written(Answer(status="200 OK", headers=given, body=b"{}"), "us", 0.0)

    assert data.split(b"\r\n") == [
        *(b"HTTP/1.1 200 OK", b"content-length: 2", b"date: today", b"server: other"),
        *(b"", b"{}"),
    ]
