"""A saved request is read as a server would, or one line says why not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauthapp.commands.raw_request import read_request
from oauthapp.errors import InputUnusable

LINES = (b"POST /hooks HTTP/1.1", b"Host: a", b"Webhook-ID:  msg_1 \t", b"", b"{}\r\n")


@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
@pytest.mark.parametrize("start", [0, 1])
@pytest.mark.parametrize("before", [b"", b"\r\n", b"\n\n"])
def test_a_request_is_read_with_either_end_and_without_its_first_line(
    end: bytes, start: int, before: bytes
) -> None:
    request = read_request(before + end.join(LINES[start:]))
    assert request.headers == {"host": "a", "webhook-id": "msg_1"}
    assert request.body == b"{}\r\n"


def test_a_body_may_have_empty_lines_and_any_bytes() -> None:
    body = b"\n\r\n\x00\xff\r\n\r\n"
    assert read_request(b"A: b\r\n\r\n" + body).body == body


def test_a_body_may_be_empty() -> None:
    assert read_request(b"A: b\n\n").body == b""


@pytest.mark.parametrize("rest", [b"", b"\r\n\r\nHTTP/1.1 415 Unsupported Media Type"])
def test_a_body_that_was_not_kept_is_said(rest: bytes) -> None:
    """As the inspector exports a call whose body nobody read."""
    head = b"POST /hooks HTTP/1.1\r\nContent-Length: 67\r\n\r\n"
    with pytest.raises(InputUnusable, match=r"not kept: \[not read, 67 bytes\]"):
        read_request(head + b"[not read, 67 bytes]" + rest)


def test_a_body_may_look_like_that() -> None:
    body = b"[not read, 67 bytes]"
    assert read_request(b"Content-Length: 20\r\n\r\n" + body).body == body


def test_a_header_that_comes_twice_is_joined_as_servers_do() -> None:
    assert read_request(b"A: b\na: c\n\n").headers == {"a": "b,c"}


def test_a_header_is_latin_1_as_in_wsgi() -> None:
    assert read_request(b"A: \xe9\n\n").headers == {"a": "é"}


def test_a_body_ends_where_content_length_says() -> None:
    assert read_request(b"Content-Length: 2\n\n{}\n").body == b"{}"


@pytest.mark.parametrize(
    ("saved", "said"),
    [
        (b"", "no empty line"),
        (b"\n\n", "no empty line"),
        (b'{"id": 1}', "no empty line"),
        (b"A: b\r\nC: d\r\n", "no empty line"),
        (b'{\n"id": 1\n\n}', "line 1 is no header"),
        (b"POST /hooks HTTP/1.1\nA b\n\n", "line 2 is no header"),
        (b"A: b\n c\n\n", "line 2 is no header"),
        (b"A : b\n\n", "line 1 is no header"),
        (b": b\n\n", "line 1 is no header"),
        (b"A: b\rC: d\n\n", "line 1 is no header"),
        (b"A: \x1b[2J\n\n", "line 1 is no header"),
        (b"A: \x00\n\n", "line 1 is no header"),
        ("Ä: b\n\n".encode(), "line 1 is no header"),
        (b"HTTP/1.1 200 OK\nA: b\n\n", "line 1 is no header"),
        pytest.param(
            b"A:" + b" \t" * 4000 + b"\0\n\n",
            "line 1 is no header",
            id="many spaces, each looked at once",
        ),
        (b"Transfer-Encoding: chunked\n\n0\r\n\r\n", "in one piece"),
        (b"Content-Length: 3\n\n{}", "says 3 bytes, here are 2"),
        (b"Content-Length: 2,2\n\n{}", "is no number"),
        (b"Content-Length: -1\n\n{}", "is no number"),
        ("Content-Length: ²\n\n{}".encode("latin-1"), "is no number"),
    ],
)
def test_what_is_no_request_is_said_in_one_line(saved: bytes, said: str) -> None:
    with pytest.raises(InputUnusable, match=said) as refused:
        read_request(saved)
    assert "\n" not in str(refused.value)


PIECES = st.sampled_from(
    [b"\r\n", b"\n", b": ", b"A", b"POST / HTTP/1.1", b"{}", b"\0"]
)


@given(st.lists(PIECES | st.binary(max_size=5)).map(b"".join))
def test_whatever_was_saved_nothing_else_is_raised(saved: bytes) -> None:
    try:
        request = read_request(saved)
    except InputUnusable:
        return
    assert saved.endswith(request.body)
