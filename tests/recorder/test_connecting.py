"""A name is looked up once, all its addresses are judged, one of them is gone to."""

import socket
from collections.abc import Iterator
from threading import Event
from time import monotonic

import pytest

from oauthapp.recorder.addresses import NotGlobal
from oauthapp.recorder.addresses import Reach
from oauthapp.recorder.connecting import open_socket
from tests.names import GLOBAL
from tests.names import OTHER_GLOBAL
from tests.names import Names
from tests.names import names

__all__ = ["names"]


@pytest.fixture
def port() -> Iterator[int]:
    """Where somebody accepts connections."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def connect(
    port: int, *, reach: Reach = "global", seconds: float | None = 5.0
) -> float | None:
    """Connects to hooks.example: the time that its socket has."""
    options = [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
    with open_socket(
        "hooks.example", port, reach=reach, time_left=lambda: seconds, options=options
    ) as connected:
        assert connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        return connected.gettimeout()


def test_a_name_that_changes_its_mind_is_held_to_its_first_answer(
    names: Names, port: int
) -> None:
    names.answers = {"hooks.example": [[GLOBAL], ["127.0.0.1"]]}
    names.leads_to = {GLOBAL: port}

    connect(port)

    assert names.asked == ["hooks.example"]
    assert names.connected == [GLOBAL]


@pytest.mark.parametrize(
    "addresses",
    [
        [GLOBAL, "127.0.0.1"],
        ["127.0.0.1", GLOBAL],
        [GLOBAL, "::1"],
        ["169.254.169.254"],
    ],
)
def test_one_address_out_of_reach_refuses_them_all(
    names: Names, port: int, addresses: list[str]
) -> None:
    names.answers = {"hooks.example": [addresses]}
    names.leads_to = {GLOBAL: port}

    with pytest.raises(NotGlobal):
        connect(port)

    assert names.connected == []


def test_loopback_is_reached_where_it_is_meant_to_be(names: Names, port: int) -> None:
    names.answers = {"hooks.example": [["127.0.0.1"]]}

    connect(port, reach="global or loopback")

    assert names.connected == ["127.0.0.1"]


def test_the_next_address_is_tried_when_one_does_not_take_us(
    names: Names, port: int
) -> None:
    names.answers = {"hooks.example": [[OTHER_GLOBAL, GLOBAL]]}
    names.leads_to = {GLOBAL: port}

    connect(port)

    assert names.connected == [OTHER_GLOBAL, GLOBAL]


def test_the_last_address_says_why_none_took_us(names: Names, port: int) -> None:
    names.answers = {"hooks.example": [[GLOBAL, OTHER_GLOBAL]]}

    with pytest.raises(ConnectionRefusedError, match=OTHER_GLOBAL):
        connect(port)


def test_a_silent_address_leaves_time_for_the_next(names: Names, port: int) -> None:
    names.answers = {"hooks.example": [[OTHER_GLOBAL, GLOBAL]]}
    names.leads_to, names.silent = {GLOBAL: port}, {OTHER_GLOBAL}
    end = monotonic() + 0.6

    with open_socket(
        "hooks.example",
        port,
        reach="global",
        time_left=lambda: max(end - monotonic(), 0.001),
        options=(),
    ):
        assert monotonic() < end


def test_a_connection_gets_all_the_time_that_is_left(names: Names, port: int) -> None:
    names.answers = {"hooks.example": [[GLOBAL, OTHER_GLOBAL]]}
    names.leads_to = {GLOBAL: port}

    assert connect(port, seconds=5.0) == 5.0
    assert connect(port, seconds=None) is None


def test_a_resolver_that_says_nothing_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    over = Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(10) and [])

    with pytest.raises(TimeoutError):
        connect(443, seconds=0.1)

    over.set()


def test_nobodys_name_is_not_found(names: Names) -> None:
    with pytest.raises(socket.gaierror):
        connect(443)


@pytest.mark.parametrize("name", ["a" * 64 + ".example", "a..b", "a\0b"])
def test_what_cannot_be_a_name_is_not_found(name: str) -> None:
    with pytest.raises(socket.gaierror):
        open_socket(
            name, 443, reach="anywhere", time_left=lambda: 5.0, options=()
        ).close()


def test_a_name_without_addresses_leads_nowhere(names: Names) -> None:
    names.answers = {"hooks.example": [[]]}

    with pytest.raises(OSError, match="no address"):
        connect(443)


@pytest.mark.parametrize(
    "spelling",
    [
        "127.0.0.1",
        "2130706433",
        "017700000001",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "0",
        "0.0.0.0",
        "LOCALHOST",
        "１２７.０.０.１",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:7f00:1",
        "::127.0.0.1",
        "0:0:0:0:0:0:0:1",
        "169.254.169.254",
        "0xa9fea9fe",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
    ],
)
def test_a_number_in_any_spelling_is_what_it_is(spelling: str) -> None:
    with pytest.raises(NotGlobal):
        open_socket(
            spelling, 80, reach="global", time_left=lambda: 5.0, options=()
        ).close()
