"""Answers that come late, piece by piece, or not to their end."""

import errno
from collections.abc import Iterator
from threading import Event

from flask import Response

#: Seconds from one piece to the next.
PAUSE = 0.2
#: Pieces after which even the most patient has waited long enough: half a minute.
PIECES = 150


def pause(seconds: float) -> None:
    """Keep the caller waiting."""
    Event().wait(seconds)


def without_end(status: int) -> Response:
    """An answer that goes on, space by space, until the caller hangs up."""
    return Response(_pieces(), status=status, content_type="application/json")


def broken_off(status: int) -> Response:
    """An answer that ends before its end, and the connection with it."""
    answer = Response(_first_piece(), status=status, content_type="application/json")
    answer.headers["Content-Length"] = "1000"
    return answer


def _pieces() -> Iterator[bytes]:
    for _ in range(PIECES):
        yield b" "
        pause(PAUSE)


def _first_piece() -> Iterator[bytes]:
    yield b"{"
    # As if the caller had hung up: a server then says nothing more, and closes.
    raise ConnectionResetError(errno.ECONNRESET, "broken off on purpose")
