"""What the terminal shows of a call: one line, without query, secrets or escapes."""

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

import click

from oauthapp.recorder.call import Call
from oauthapp.recorder.caller import looks_like
from oauthapp.recorder.step import path_of

#: Characters of a method or a path: nobody reads more, and a stranger may send it.
LIMIT = 200
#: Bytes that a pipe takes as a whole (Linux): lines of several processes do not mix.
PIECE = 4096
_COLOURS = {"accepted": "green", "refused": "red", "failed": "red"}


def print_calls(calls: Sequence[Call]) -> None:
    """Print answered calls; what a party sends itself is seen by the other one."""
    print_lines(map(call_line, filter(is_seen_here, calls)))


def print_calls_aside(calls: Sequence[Call]) -> None:
    """The same beside the output, which is for machines."""
    print_lines(map(call_line, filter(is_seen_here, calls)), aside=True)


def is_seen_here(call: Call) -> bool:
    """Whether nobody else of us sees this call."""
    return call.direction == "inbound" or call.status is None


def print_lines(lines: Iterable[str], *, aside: bool = False) -> None:
    """Print many at once: with each by itself, requests wait for whoever prints it."""
    for piece in in_pieces(lines):
        click.echo(piece, err=aside)


def in_pieces(lines: Iterable[str]) -> Iterator[str]:
    """Lines joined, none of them torn: what fits in `PIECE` is one, or a long line."""
    piece, size = list[str](), 0
    for line in lines:
        needed = len(line.encode("utf-8", "replace")) + 1
        if piece and size + needed > PIECE:
            yield "\n".join(piece)
            piece, size = [], 0
        piece.append(line)
        size += needed
    if piece:
        yield "\n".join(piece)


def call_line(call: Call) -> str:
    """Time, party, method, path, status, verdict with its reason, and who called."""
    at = _time_of_day(int(call.at))
    verdict = click.style(f"{call.verdict or '-':9}", fg=_COLOURS.get(call.verdict))
    who = looks_like(call.request_headers).who
    return (
        f"{at}  {call.party:8}  {printable(call.method):4} "
        f"{printable_path(call.url):32} "
        f"{call.status or '---'}  {verdict} {call.kind:8}  "
        + (f"looks like a {who}" if call.direction == "inbound" else "sent by us")
        + (f"  ({call.reason})" if call.reason else "")
    )


@lru_cache(maxsize=2)
def _time_of_day(second: int) -> str:
    return datetime.fromtimestamp(second).strftime("%H:%M:%S")


def printable_path(url: str) -> str:
    """The path of `url` without control characters: a terminal would obey them."""
    return printable(path_of(url))


def printable(text: str) -> str:
    """`text` as one short line of a terminal may hold it."""
    cut = text if len(text) <= LIMIT else f"{text[:LIMIT]}…"
    if cut.isprintable():
        return cut
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in cut)
