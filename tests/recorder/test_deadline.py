"""No server can hold us longer than a call may take, however it drips."""

import socket
import ssl
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import suppress
from threading import Event
from threading import Thread
from time import monotonic

import pytest
import requests

from oauthapp.recorder.deadline import Deadline
from oauthapp.recorder.deadline import time_limit
from oauthapp.recorder.transport import TimedAdapter

LIMIT = 0.3
#: What a call may take altogether before it counts as held.
SOON = 1.5
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

Behaviour = Callable[[socket.socket, Event], None]


@pytest.fixture
def listen() -> Iterator[Callable[[Behaviour], str]]:
    """Starts a server that does with each connection what it is told."""
    over, threads = Event(), []

    def started(behave: Behaviour) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listener.settimeout(0.05)
        thread = Thread(target=_serve, args=(listener, behave, over))
        thread.start()
        threads.append(thread)
        return f"http://127.0.0.1:{listener.getsockname()[1]}/"

    yield started
    over.set()
    for thread in threads:
        thread.join()


def _serve(listener: socket.socket, behave: Behaviour, over: Event) -> None:
    with listener:
        while not over.is_set():
            try:
                connection, _address = listener.accept()
            except TimeoutError:
                continue
            with connection, suppress(OSError):
                connection.recv(65536)
                behave(connection, over)


def drip(first: bytes) -> Behaviour:
    """Sends `first`, then a byte now and then, for as long as anybody listens."""

    def behave(connection: socket.socket, over: Event) -> None:
        connection.sendall(first)
        while not over.wait(0.02):
            connection.sendall(b"x")

    return behave


def say_nothing(connection: socket.socket, over: Event) -> None:
    over.wait(5)


def answer(connection: socket.socket, _over: Event) -> None:
    connection.sendall(OK)


@pytest.fixture
def http() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        session.mount("http://", TimedAdapter("anywhere"))
        session.mount("https://", TimedAdapter("anywhere"))
        yield session


def fetch(http: requests.Session, url: str) -> tuple[Deadline, float, str]:
    """A call within LIMIT: its deadline, how long it took, what came of it."""
    began = monotonic()
    with time_limit(LIMIT) as deadline:
        try:
            text = http.get(url, timeout=30).text
        except requests.RequestException as error:
            text = type(error).__name__
    return deadline, monotonic() - began, text


def test_a_call_in_time_is_left_alone(
    http: requests.Session, listen: Callable[[Behaviour], str]
) -> None:
    deadline, _took, text = fetch(http, listen(answer))

    assert (deadline.passed, text) == (False, "ok")


@pytest.mark.parametrize(
    "behave",
    [
        say_nothing,
        drip(b""),
        drip(b"HTTP/1.1 200 OK\r\nX-Header: "),
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"),
        drip(b"HTTP/1.1 200 OK\r\n\r\n"),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n"),
        drip(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX: "),
    ],
    ids=["silence", "status", "header", "body", "endless", "chunk", "continue"],
)
def test_a_server_that_drips_is_cut_off(
    http: requests.Session, listen: Callable[[Behaviour], str], behave: Behaviour
) -> None:
    deadline, took, _text = fetch(http, listen(behave))

    assert deadline.passed
    assert LIMIT <= took < SOON


def test_an_upload_without_end_is_cut_off(
    http: requests.Session, listen: Callable[[Behaviour], str]
) -> None:
    def read(connection: socket.socket, over: Event) -> None:
        while not over.is_set() and connection.recv(65536):
            pass

    def endless() -> Iterator[bytes]:
        while monotonic() < began + 2 * SOON:
            yield b"x" * 65536

    url, began = listen(read), monotonic()
    with time_limit(LIMIT) as deadline, suppress(requests.RequestException):
        http.post(url, data=endless(), timeout=30)

    assert deadline.passed
    assert monotonic() - began < SOON


def test_a_greeting_by_tls_without_end_is_cut_off(
    http: requests.Session, listen: Callable[[Behaviour], str]
) -> None:
    url = listen(drip(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc"))

    _deadline, took, _text = fetch(http, url.replace("http:", "https:"))

    assert LIMIT <= took < SOON


def test_a_resolver_that_says_nothing_does_not_hold_us(
    http: requests.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(10) and [])

    _deadline, took, text = fetch(http, "http://hooks.example/")
    over.set()

    assert text == "ConnectTimeout"
    assert LIMIT <= took < SOON


def test_the_next_call_has_its_own_time(
    http: requests.Session, listen: Callable[[Behaviour], str]
) -> None:
    assert fetch(http, listen(say_nothing))[0].passed

    assert fetch(http, listen(answer))[2] == "ok"


def test_a_connection_that_is_used_again_is_watched_again(
    http: requests.Session, listen: Callable[[Behaviour], str]
) -> None:
    def answer_once(connection: socket.socket, over: Event) -> None:
        connection.sendall(OK)
        connection.recv(65536)
        over.wait(5)

    url = listen(answer_once)
    assert fetch(http, url)[2] == "ok"

    deadline, took, _text = fetch(http, url)
    assert deadline.passed
    assert took < SOON


def test_a_timer_of_a_call_that_ended_does_not_cut_the_next_one(
    http: requests.Session, listen: Callable[[Behaviour], str]
) -> None:
    url = listen(answer)
    with time_limit(0.05) as first:
        http.get(url, timeout=5)
    kept, other = socket.socketpair()
    with kept, other:
        first.watch(kept)
        Event().wait(0.1)
        other.sendall(b"x")
        assert kept.recv(1) == b"x"
    assert not first.passed


def test_a_connection_made_too_late_is_cut_at_once() -> None:
    deadline = Deadline(LIMIT)
    deadline.expire()
    ours, theirs = socket.socketpair()

    with ours, theirs:
        deadline.watch(ours)
        assert ours.recv(1) == b""


def test_a_connection_that_is_closed_already_is_no_error() -> None:
    deadline = Deadline(LIMIT)
    ours, theirs = socket.socketpair()
    deadline.watch(ours)
    ours.close()
    theirs.close()

    deadline.expire()

    assert deadline.passed


def test_a_connection_that_is_cut_does_not_stop_to_encrypt() -> None:
    deadline = Deadline(LIMIT)
    ours, theirs = socket.socketpair()
    with (
        theirs,
        ssl.create_default_context().wrap_socket(
            ours, server_hostname="hooks.example", do_handshake_on_connect=False
        ) as encrypted,
    ):
        deadline.watch(encrypted)
        deadline.expire()
        # ValueError would say that it is an ordinary socket by now.
        with pytest.raises(OSError):
            encrypted.write(b"secret")


def test_a_socket_may_wait_a_moment_longer_than_the_call() -> None:
    assert Deadline(60).left() > 60
    assert Deadline(-60).left() > 0


def test_without_a_limit_the_adapter_is_an_ordinary_one(
    http: requests.Session, listen: Callable[[Behaviour], str]
) -> None:
    assert http.get(listen(answer), timeout=5).text == "ok"


def test_limits_of_two_threads_do_not_meet(
    listen: Callable[[Behaviour], str],
) -> None:
    held, fine, found = listen(say_nothing), listen(answer), {}

    def call(name: str, url: str) -> None:
        with requests.Session() as session:
            session.trust_env = False
            session.mount("http://", TimedAdapter("anywhere"))
            found[name] = fetch(session, url)

    threads = [Thread(target=call, args=pair) for pair in [("a", held), ("b", fine)]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found["a"][0].passed
    assert (found["b"][0].passed, found["b"][2]) == (False, "ok")
