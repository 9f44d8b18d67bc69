"""One thread beside the others, on real sockets: what it answers, what it leaves."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from http.client import HTTPConnection
from http.client import HTTPSConnection
from pathlib import Path
from ssl import create_default_context
from threading import Event
from threading import current_thread
from typing import Any

import pytest
import trustme

from oauthapp import short_lane
from oauthapp.lane import in_a_lane
from oauthapp.lane import wait_aside
from oauthapp.serving import Server
from oauthapp.serving import Tls
from oauthapp.short_lane import ShortLane

#: Seconds; longer than any of these tests takes.
LONG = 20.0


@dataclass
class Application:
    """Says which thread answers, and waits where it is told to."""

    written: list[list[str]] = field(default_factory=list)
    writes: Event = field(default_factory=Event)
    go: Event = field(default_factory=Event)
    environs: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        self.environs.append({**environ, "wsgi.input": None})
        path = environ["PATH_INFO"]
        body = environ["wsgi.input"].read()
        if path.endswith("/broken"):
            raise ZeroDivisionError
        if path.endswith("/kept") and in_a_lane():
            wait_aside(self.write, body.decode())
        if path.endswith("/huge"):
            body = b"x" * 50_000_000
        who = "lane" if current_thread().name == "lane" else "thread"
        start("200 OK", [("Content-Length", str(len(body))), ("X-By", who)])
        return [body]

    def write(self, items: list[str]) -> list[str]:
        self.writes.set()
        assert self.go.wait(LONG)
        self.written.append(items)
        return items


@pytest.fixture
def application() -> Application:
    return Application()


@contextmanager
def serving(application: Application, **options: Any) -> Iterator[Server]:
    server = Server("127.0.0.1", 0, threads=4, **options)
    with server.running(application, short="/short/"):
        yield server


@contextmanager
def connected(server: Server) -> Iterator[HTTPConnection]:
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=LONG)) as connection:
        yield connection


@contextmanager
def in_lane(server: Server) -> Iterator[socket.socket]:
    """A connection that the lane has."""
    with socket.create_connection(("127.0.0.1", server.port), LONG) as wire:
        for by in ("thread", "lane"):
            wire.sendall(post("/short/a"))
            assert answers(wire) == [f"by {by}: a body"]
        yield wire


def lane_of(server: Server) -> ShortLane:
    lane = server._server.lane
    assert lane is not None
    return lane


def post(path: str, body: str = "a body") -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}"
    return f"{head}\r\n\r\n{body}".encode()


def answers(wire: socket.socket, count: int = 1) -> list[str]:
    """So many answers: by whom, and their bodies."""
    found = []
    with wire.makefile("rb") as came:
        for _ in range(count):
            head = {}
            while line := came.readline().strip().decode():
                name, _, value = line.partition(": ")
                head[name] = value
            body = came.read(int(head["Content-Length"])).decode()
            found.append(f"by {head['X-By']}: {body}")
    return found


def ask(connection: HTTPConnection, path: str = "/short/a", body: str = "") -> str:
    connection.request("POST", path, body)
    answer = connection.getresponse()
    answer.read()
    return answer.headers["X-By"]


def test_who_brought_a_short_one_brings_the_next_to_the_lane(
    application: Application,
) -> None:
    with serving(application) as server, connected(server) as connection:
        asked = [ask(connection) for _ in range(3)]
        elsewhere = [ask(connection, "/long") for _ in range(2)]
        again = [ask(connection) for _ in range(2)]

    assert asked == ["thread", "lane", "lane"]
    assert elsewhere == ["thread", "thread"]
    assert again == ["thread", "lane"]


def test_a_server_that_is_told_of_no_short_ones_has_no_lane(
    application: Application,
) -> None:
    server = Server("127.0.0.1", 0)
    with server.running(application), connected(server) as connection:
        assert [ask(connection), ask(connection)] == ["thread", "thread"]
        assert "lane" not in [thread.name for thread in threading.enumerate()]


def test_it_answers_as_the_threads_do(application: Application) -> None:
    with serving(application) as server, connected(server) as connection:
        found = []
        for _ in range(2):
            connection.request("POST", "/short/a", "a body")
            answer = connection.getresponse()
            headers = dict(answer.getheaders()) | {"Date": "", "X-By": ""}
            found.append((answer.status, answer.reason, headers, answer.read()))

    assert found[0] == found[1]
    assert application.environs[0] == application.environs[1]


def test_a_body_that_comes_later_is_waited_for_and_keeps_nobody_else_waiting(
    application: Application,
) -> None:
    with (
        serving(application) as server,
        in_lane(server) as slow,
        in_lane(server) as other,
    ):
        for end in (-6, -1):
            slow.sendall(post("/short/a")[:end])
            for _ in range(3):
                other.sendall(post("/short/a"))
                assert answers(other) == ["by lane: a body"]
            slow.sendall(post("/short/a")[end:])
            assert answers(slow) == ["by lane: a body"]


def test_a_body_that_trickles_in_is_left_to_the_threads(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(short_lane, "IDLE", 0.05)
    with serving(application) as server, in_lane(server) as slow:
        left = Event()
        lane = lane_of(server)
        give_back = lane._give_back

        def give(connection: Any) -> None:
            left.set()
            give_back(connection)

        monkeypatch.setattr(lane, "_give_back", give)
        slow.sendall(post("/short/a")[:-1])
        assert left.wait(LONG)
        slow.sendall(post("/short/a")[-1:])
        assert answers(slow) == ["by thread: a body"]
        slow.sendall(post("/short/a"))
        assert answers(slow) == ["by lane: a body"]


def test_who_goes_in_the_middle_of_a_body_leaves_nothing_behind(
    application: Application,
) -> None:
    with serving(application) as server:
        with in_lane(server) as wire:
            wire.sendall(post("/short/a")[:-1])
            wire.shutdown(socket.SHUT_WR)
            with wire.makefile("rb") as came:
                came.read()
        lane = lane_of(server)
        assert (lane._until, lane._begun) == ({}, set())


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(post("/short/a", "x" * 70_000), id="a long body"),
        pytest.param(
            b"POST /short/a HTTP/1.1\r\nHost: localhost\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
            id="chunks",
        ),
        pytest.param(post("/short/%61"), id="a path that is to be decoded"),
    ],
)
def test_what_is_not_short_and_plain_is_left_to_the_threads(
    application: Application, raw: bytes
) -> None:
    with serving(application) as server, in_lane(server) as wire:
        wire.sendall(raw)
        assert answers(wire)[0].startswith("by thread")


def test_two_that_come_at_once_are_answered_in_their_order(
    application: Application,
) -> None:
    with serving(application) as server, in_lane(server) as wire:
        wire.sendall(post("/short/a", "one") + post("/short/a", "two"))
        assert answers(wire, 2) == ["by lane: one", "by lane: two"]


def test_a_body_whose_head_a_thread_has_read_is_no_request(
    application: Application,
) -> None:
    inner = post("/short/inner")
    head = b"POST /short/b HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n"
    before = post("/short/a") + head % len(inner) + b"X-Pad: "
    # A thread reads so much at a time: of the second one the head, and not its body.
    before += b"x" * (8192 - len(before) - 4) + b"\r\n\r\n"
    with (
        serving(application) as server,
        socket.create_connection(("127.0.0.1", server.port), LONG) as wire,
    ):
        wire.sendall(before + inner)
        with wire.makefile("rb") as came:
            while b"inner" not in came.readline():
                pass
    asked = [environ["PATH_INFO"] for environ in application.environs]
    assert asked == ["/short/a", "/short/b"]


def test_one_that_comes_while_the_one_before_waits_is_answered_after_it(
    application: Application,
) -> None:
    with serving(application) as server, in_lane(server) as wire:
        wire.sendall(post("/short/kept", "one") + post("/short/kept", "two"))
        assert application.writes.wait(LONG)
        application.go.set()
        assert answers(wire, 2) == ["by lane: one", "by lane: two"]
    assert application.written == [["one"], ["two"]]


def test_those_who_come_while_it_writes_are_written_together(
    application: Application,
) -> None:
    with (
        serving(application) as server,
        in_lane(server) as first,
        in_lane(server) as second,
        in_lane(server) as third,
    ):
        first.sendall(post("/short/kept", "one"))
        assert application.writes.wait(LONG)
        second.sendall(post("/short/kept", "two"))
        third.sendall(post("/short/kept", "three"))
        application.go.set()
        for wire in (first, second, third):
            assert answers(wire)[0].startswith("by lane")

    assert application.written[0] == ["one"]
    assert sorted(application.written[1]) == ["three", "two"]


def test_a_stop_waits_for_what_is_under_way(application: Application) -> None:
    server = Server("127.0.0.1", 0, threads=4)
    with socket.socket() as wire:
        with server.running(application, short="/short/"):
            wire.connect(("127.0.0.1", server.port))
            wire.settimeout(LONG)
            for _ in range(2):
                wire.sendall(post("/short/a"))
                answers(wire)
            wire.sendall(post("/short/kept"))
            assert application.writes.wait(LONG)
            lane = lane_of(server)._lane
            stop = lane.stop

            def stop_and_go() -> None:
                stop()
                application.go.set()

            lane.stop = stop_and_go  # type: ignore[method-assign]
        assert answers(wire) == ["by lane: a body"]
        assert wire.recv(1) == b""
    assert "lane" not in [thread.name for thread in threading.enumerate()]


def test_one_that_breaks_is_answered_and_its_connection_ends(
    application: Application, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        serving(application) as server,
        in_lane(server) as wire,
        in_lane(server) as other,
    ):
        wire.sendall(post("/short/broken"))
        with wire.makefile("rb") as came:
            whole = came.read()
        assert whole.startswith(b"HTTP/1.1 500 Internal Server Error\r\n")
        other.sendall(post("/short/a"))
        assert answers(other) == ["by lane: a body"]

    assert "ZeroDivisionError" in caplog.text


def test_who_reads_no_answers_is_not_waited_for(application: Application) -> None:
    with (
        serving(application) as server,
        in_lane(server) as deaf,
        in_lane(server) as other,
    ):
        deaf.sendall(post("/short/huge"))
        other.sendall(post("/short/a"))
        assert answers(other) == ["by lane: a body"]
        with deaf.makefile("rb") as came:
            assert len(came.read()) < 50_000_000


def test_who_is_gone_leaves_nothing_behind(application: Application) -> None:
    with serving(application) as server, in_lane(server) as other:
        for _ in range(3):
            with in_lane(server):
                pass
        lane = lane_of(server)
        for _ in range(100):  # with each answer it has looked at the others, too
            other.sendall(post("/short/a"))
            answers(other)
            if len(lane._until) == 1:
                break
        assert len(lane._until) == 1

    assert (lane._until, lane._busy) == ({}, set())


def test_more_than_it_has_room_for_stay_with_the_threads(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(short_lane, "CONNECTIONS", 1)
    with (
        serving(application) as server,
        in_lane(server),
        connected(server) as connection,
    ):
        assert [ask(connection) for _ in range(3)] == ["thread"] * 3


def test_one_that_is_idle_is_given_back_and_comes_again(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(short_lane, "IDLE", 0.05)
    with serving(application) as server, in_lane(server) as wire:
        lane = lane_of(server)
        given_back = Event()
        put = server._server.put_conn

        def put_back(connection: Any) -> None:
            put(connection)
            given_back.set()

        server._server.put_conn = put_back
        assert given_back.wait(LONG)
        assert lane._until == {}
        wire.sendall(post("/short/a"))
        assert answers(wire) == ["by lane: a body"]


def test_encrypted_ones_stay_with_the_threads(
    application: Application, tmp_path: Path
) -> None:
    authority = trustme.CA()
    pair = authority.issue_cert("localhost")
    (tmp_path / "key").write_bytes(pair.private_key_pem.bytes())
    (tmp_path / "cert").write_bytes(b"".join(p.bytes() for p in pair.cert_chain_pems))
    trusted = create_default_context()
    authority.configure_trust(trusted)
    tls = Tls(certificate=tmp_path / "cert", key=tmp_path / "key")

    with serving(application, tls=tls) as server:
        connection = HTTPSConnection("localhost", server.port, context=trusted)
        with closing(connection):
            assert [ask(connection), ask(connection)] == ["thread", "thread"]


def test_should_it_break_itself_the_threads_go_on(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken: list[Any] = []
    monkeypatch.setattr(threading, "excepthook", broken.append)
    with serving(application) as server, in_lane(server) as wire:
        lane = lane_of(server)
        monkeypatch.setattr(lane, "_read", None)
        monkeypatch.setattr(lane._lane, "_answer_one", None)
        wire.sendall(post("/short/a"))
        assert answers(wire) == ["by thread: a body"]
        wire.sendall(post("/short/a"))
        assert answers(wire) == ["by thread: a body"]
    assert len(broken) == 1


def test_one_that_comes_as_it_ends_is_answered_by_the_threads(
    application: Application,
) -> None:
    with serving(application) as server, connected(server) as connection:
        ask(connection)
        lane = lane_of(server)
        lane._open = False
        lane.takes = lambda connection: True  # type: ignore[method-assign]
        assert ask(connection) == "thread"
