"""A resolver of our own and a network behind it: no test asks a real one.

It stands at the lowest place there is, so that it hears who asks a second time and
where a connection really goes, whichever library makes it.
"""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from typing import Any

import pytest

#: An address that is global; nothing that is sent to it leaves this machine.
GLOBAL = "93.184.216.34"
OTHER_GLOBAL = "93.184.215.14"


@dataclass
class Names:
    """What each name resolves to, and what has been asked and connected to."""

    #: The answers a name gives one after the other; the last one stays.
    answers: dict[str, list[list[str]]] = field(default_factory=dict)
    #: Which port of this machine stands for an address; loopback is itself.
    leads_to: dict[str, int] = field(default_factory=dict)
    #: Addresses where nobody answers, nor says that there is nobody.
    silent: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    connected: list[str] = field(default_factory=list)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[Names]:
    names, real_connect = Names(), socket.socket.connect

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        names.asked.append(host)
        answers = names.answers.get(host)
        if answers is None:
            raise socket.gaierror(socket.EAI_NONAME, f"nobody is called {host}")
        return [_found(one, port) for one in _next(answers)]

    def connect(self: socket.socket, address: tuple[Any, ...]) -> None:
        names.connected.append(address[0])
        if address[0] in names.silent:
            _wait_in_vain(self.gettimeout())
        if address[0] in ("127.0.0.1", "::1"):
            return real_connect(self, address)
        if address[0] not in names.leads_to:
            raise ConnectionRefusedError(f"{address[0]} leads nowhere")
        return real_connect(self, ("127.0.0.1", names.leads_to[address[0]]))

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(socket.socket, "connect", connect)
    yield names


def _next(answers: list[list[str]]) -> list[str]:
    return answers.pop(0) if len(answers) > 1 else answers[0]


def _wait_in_vain(seconds: float | None) -> None:
    one, other = socket.socketpair()
    with one, other:
        one.settimeout(seconds)
        one.recv(1)


def _found(address: str, port: int) -> tuple[Any, ...]:
    kind = (socket.SOCK_STREAM, socket.IPPROTO_TCP, "")
    if ":" in address:
        return (socket.AF_INET6, *kind, (address, port, 0, 0))
    return (socket.AF_INET, *kind, (address, port))
