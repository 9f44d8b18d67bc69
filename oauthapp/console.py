"""What the terminal shows of a call: one line, without query, secrets or escapes."""

from datetime import datetime

import click

from oauthapp.recorder.call import Call
from oauthapp.recorder.caller import looks_like
from oauthapp.recorder.step import path_of

#: Characters of a method or a path: nobody reads more, and a stranger may send it.
LIMIT = 200
_COLOURS = {"accepted": "green", "refused": "red", "failed": "red"}


def print_call(call: Call) -> None:
    """Print an answered call; what a party sends itself is seen by the other one."""
    if call.direction == "inbound" or call.status is None:
        click.echo(call_line(call))


def print_call_aside(call: Call) -> None:
    """The same beside the output, which is for machines."""
    if call.direction == "inbound" or call.status is None:
        click.echo(call_line(call), err=True)


def call_line(call: Call) -> str:
    """Time, party, method, path, status, verdict with its reason, and who called."""
    at = datetime.fromtimestamp(call.at).strftime("%H:%M:%S")
    verdict = click.style(f"{call.verdict or '-':9}", fg=_COLOURS.get(call.verdict))
    who = looks_like(call.request_headers).who
    return (
        f"{at}  {call.party:8}  {printable(call.method):4} "
        f"{printable_path(call.url):32} "
        f"{call.status or '---'}  {verdict} {call.kind:8}  "
        + (f"looks like a {who}" if call.direction == "inbound" else "sent by us")
        + (f"  ({call.reason})" if call.reason else "")
    )


def printable_path(url: str) -> str:
    """The path of `url` without control characters: a terminal would obey them."""
    return printable(path_of(url))


def printable(text: str) -> str:
    """`text` as one short line of a terminal may hold it."""
    cut = text if len(text) <= LIMIT else f"{text[:LIMIT]}…"
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in cut)
