"""The command is run, by a real shell: what it sends, and what else it does."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from oauthapp.recorder.call import Call
from oauthapp.recorder.exports.curl import curl
from oauthapp.recorder.exports.curl import word
from oauthapp.recorder.exports.refusals import NoCommandPossible
from tests.recorder.exports.listening import Listener
from tests.recorder.exports.listening import listening
from tests.recorder.exports.sample import GOOD
from tests.recorder.exports.sample import TRICKS
from tests.recorder.exports.sample import calls
from tests.recorder.exports.sample import odd_text

pytestmark = pytest.mark.skipif(
    not (shutil.which("bash") and shutil.which("curl")),
    reason="no bash and curl on this machine; on Debian: apt-get install bash curl",
)


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with listening() as server:
        yield server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the commands run: what they read by mistake is here, and nothing else."""
    folder = tmp_path_factory.mktemp("shell")
    (folder / "bait").write_text("read by mistake")
    return folder


def run(call: Call, folder: Path) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(
        ["bash", "--norc"],  # it reads the command as if it was typed
        input=curl(call).encode(),
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        capture_output=True,
        timeout=20,
    )
    assert [one.name for one in folder.iterdir()] == ["bait"]
    return done


def sent(call: Call, listener: Listener, folder: Path) -> tuple[bytes, list[bytes]]:
    """The body and the lines of the head that the command sends."""
    listener.requests.clear()
    call = replace(call, url=call.url.replace("http://localhost:5000", listener.url))
    done = run(call, folder)
    assert done.returncode == 0, done.stderr
    ((head, body),) = listener.requests
    return body, head.split(b"\r\n")[:-2]


def test_a_call_is_sent_as_it_came(listener: Listener, folder: Path) -> None:
    body, lines = sent(GOOD, listener, folder)

    assert lines == [
        b"POST /webhooks/demo?a=1&a=2 HTTP/1.1",
        b"Host: localhost:5000",
        b"Content-Type: application/json",
        b"Webhook-Id: msg_1",
        b"Content-Length: 16",
    ]
    assert body == b'{"type": "t\'x!"}'


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "-d"])
def test_every_method_is_sent(listener: Listener, folder: Path, method: str) -> None:
    _body, lines = sent(replace(GOOD, method=method, request_body=""), listener, folder)

    assert lines[0].startswith(method.encode() + b" /webhooks/demo")


@pytest.mark.parametrize("trick", TRICKS, ids=range(len(TRICKS)))
def test_no_trick_in_a_body_does_more_than_be_sent(
    listener: Listener, folder: Path, trick: str
) -> None:
    body, _lines = sent(replace(GOOD, request_body=trick), listener, folder)

    text = trick.replace("\0", "\\x00")
    assert body == text.encode("utf-8", "backslashreplace")


@pytest.mark.parametrize(
    "trick", [one for one in TRICKS if not set(one) & set("\r\n\0\ud800\u202e\u2028")]
)
def test_no_trick_in_a_header_does_more_than_be_sent(
    listener: Listener, folder: Path, trick: str
) -> None:
    headers = (("X-Odd", trick), (trick, "x"), ("X-Last", "last"))
    _body, lines = sent(replace(GOOD, request_headers=headers), listener, folder)

    assert b"X-Odd: " + trick.strip(" ").encode("latin-1") in lines
    assert b"X-Last: last" in lines
    assert not any(b"read by mistake" in line for line in lines)


@pytest.mark.parametrize(
    "path",
    [
        "{a,b}[1-3]",
        "../../x/./y",
        "[code 0123456789ab]",
        "\\x",
        "a'b\"c`d$(e);f|g&h>i<j*k~l!m",
        "é\x00\x1b\n",
        "-o?--output&@bait",
    ],
    ids=range(7),
)
def test_a_path_is_sent_as_it_came_but_for_what_no_url_holds(
    listener: Listener, folder: Path, path: str
) -> None:
    _body, lines = sent(
        replace(GOOD, url=f"http://localhost:5000/{path}", request_body=""),
        listener,
        folder,
    )

    visible = "".join(chr(code) for code in range(0x21, 0x7F))
    assert lines[0] == f"POST /{quote(path, safe=visible)} HTTP/1.1".encode()


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(body=odd_text, value=st.binary(max_size=20), path=odd_text)
@example(body="", value=b"\x85\xa0", path="")  # blanks to Python, and not to curl
def test_whatever_it_holds_arrives_byte_for_byte_and_nothing_else_happens(
    listener: Listener, folder: Path, body: str, value: bytes, path: str
) -> None:
    value = value.translate(None, b"\r\n\0").strip(b" \t\x0b\x0c")
    call = replace(
        GOOD,
        url=f"http://localhost:5000/{path}",
        request_headers=(("X-Odd", value.decode("latin-1")),),
        request_body=body,
    )

    arrived, lines = sent(call, listener, folder)

    text = body.replace("\0", "\\x00")
    assert arrived == text.encode("utf-8", "backslashreplace")
    assert [line for line in lines if line.startswith(b"X-Odd")] == [
        b"X-Odd: " + value if value else b"X-Odd:"
    ]
    assert len(lines) == 3 + bool(body)


@pytest.mark.parametrize("byte", ["x", "\x01", "\\"], ids=range(3))
def test_a_body_that_is_too_long_for_an_argument_is_sent_too(
    listener: Listener, folder: Path, byte: str
) -> None:
    body, _lines = sent(replace(GOOD, request_body=byte * 260_000), listener, folder)

    assert len(body) == 260_000
    assert set(body) == set(byte.encode())


@given(calls)
@settings(max_examples=60, deadline=None)
def test_a_command_holds_nothing_that_a_terminal_obeys(call: Call) -> None:
    try:
        command = curl(call)
    except NoCommandPossible:
        return

    assert command.replace("\n", "").isprintable()


@given(st.binary())
def test_a_word_is_one_word(raw: bytes) -> None:
    assert word(raw).replace("\n", "").isprintable()
    if not word(raw).startswith("$"):
        assert shlex.split(word(raw)) == [raw.decode()]
    else:
        assert word(raw).count("'") == 2


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/hostname",
        "-o pwned",
        "@bait",
        "gopher://localhost/x",
        "",
        "signal:x",
    ],
)
def test_what_is_no_http_is_refused(url: str) -> None:
    with pytest.raises(NoCommandPossible):
        curl(replace(GOOD, url=url))


@pytest.mark.parametrize("method", ["", "GET\r\nX: 1", "GET /", "G\x1bT", "GÉT"])
def test_a_method_that_is_none_is_refused(method: str) -> None:
    with pytest.raises(NoCommandPossible):
        curl(replace(GOOD, method=method))


def test_what_names_the_recorded_call_is_not_sent_by_another_one() -> None:
    headers = (("Traceparent", f"00-{'1' * 32}-{'2' * 16}-01"),)

    assert "raceparent" not in curl(replace(GOOD, request_headers=headers))


@pytest.mark.parametrize("name", ["", "@bait", "a b", "a:b", "é", "X\r\nY", "a\x1b"])
def test_a_header_whose_name_is_none_is_left_out(name: str) -> None:
    command = curl(replace(GOOD, request_headers=((name, "odd-value"),)))

    assert "odd-value" not in command
    assert "# A header that HTTP cannot carry is left out.\n" in command


def test_what_is_missing_is_said(folder: Path) -> None:
    call = replace(
        GOOD,
        url="http://localhost:5000/callback/demo?code=[code 0123456789ab]",
        request_body="[image/png, 12 bytes]",
        request_headers=(("X", "a\r\nb"),),
    )

    remarks = [line for line in curl(call).split("\n") if line.startswith("#")]

    assert len(remarks) == 3
    assert "image/png" not in curl(call)
