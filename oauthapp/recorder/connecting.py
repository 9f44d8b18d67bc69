"""How does a call reach its host? Looked up once, judged, and gone to as it was judged.

A name may have another address a moment later, and whoever owns the name may want that
(DNS rebinding): so no name is looked up again between the judgement and the connection.
"""

import socket
from collections.abc import Callable
from collections.abc import Iterable
from concurrent.futures import Future
from threading import Thread
from typing import Any

from oauthapp.recorder.addresses import Reach
from oauthapp.recorder.addresses import require_within

#: One answer of `socket.getaddrinfo`.
Found = tuple[Any, Any, int, str, Any]


def open_socket(
    host: str,
    port: int,
    *,
    reach: Reach,
    time_left: Callable[[], float | None],
    options: Iterable[tuple[Any, ...]],
) -> socket.socket:
    """A connection to the first address of `host` that takes it.

    One address out of reach is enough to refuse them all: a name that has a global
    and a private address is a trap, or a mistake.

    :raises NotGlobal: before anything is connected.
    """
    found = look_up(host, port, seconds=time_left())
    for *_, address in found:
        require_within(reach, address[0])
    problem = OSError("the name has no address")
    for number, one in enumerate(found):
        try:
            seconds = _share(time_left(), len(found) - number)
            connected = _connect(one, seconds=seconds, options=options)
        except OSError as error:
            problem = error
            continue
        connected.settimeout(time_left())
        return connected
    raise problem


def look_up(host: str, port: int, *, seconds: float | None) -> list[Found]:
    """All addresses of `host`.

    In a thread, because nothing can interrupt the system's resolver: when the time is
    up nobody waits for it any longer, and it ends when it has had its own time.
    """
    answer: Future[list[Found]] = Future()
    Thread(target=_look_up, args=(host, port, answer), daemon=True).start()
    return answer.result(seconds)


def _look_up(host: str, port: int, answer: Future[list[Found]]) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except ValueError:  # for instance a label that is empty or too long
        error = socket.gaierror(socket.EAI_NONAME, "not the name of a host")
        answer.set_exception(error)
    except OSError as error:
        answer.set_exception(error)
    else:
        answer.set_result(found)


def _share(seconds: float | None, addresses: int) -> float | None:
    """So much that a silent address leaves time for those after it."""
    return None if seconds is None else seconds / addresses


def _connect(
    found: Found, *, seconds: float | None, options: Iterable[tuple[Any, ...]]
) -> socket.socket:
    family, kind, protocol, _name, address = found
    connected = socket.socket(family, kind, protocol)
    try:
        for option in options:
            connected.setsockopt(*option)
        connected.settimeout(seconds)
        connected.connect(address)
    except OSError:
        connected.close()
        raise
    return connected
