"""`oauthapp explain`: what does an API not say of its callback URLs?"""

import json
import sys
from typing import BinaryIO

import click

#: As `oauthapp.explain.report` names them; that is not imported until used.
_FORMATS = ("text", "json", "github")


@click.command()
@click.argument("file", type=click.File("rb"), metavar="FILE|-")
@click.option(
    "--format",
    "as_format",
    type=click.Choice(_FORMATS),
    default="text",
    show_default=True,
    help="github: annotations of a workflow.",
)
@click.option("--json", "as_format", flag_value="json", help="As --format json.")
def explain(file: BinaryIO, as_format: str) -> None:
    """Say which kind each callback URL of an API is, and what is left open.

    FILE is an OpenAPI 3 document, JSON or YAML. Of each redirect URI, webhook,
    callback_url and polled answer in it: who calls, with what method, what triggers it,
    what happens on failure? Exits with 0 when all is said, 1 when something is left
    open, 2 when FILE cannot be read.
    """
    from oauthapp.errors import InputUnusable
    from oauthapp.explain import report
    from oauthapp.explain.tree import MAX_BYTES

    try:
        found = report.explain(file.read(MAX_BYTES + 1), file=_name(file))
    except InputUnusable as error:
        raise InputUnusable(report.printable(f"{_name(file)}: {error}")) from None
    said = report.FORMATS[as_format](found)
    click.echo(said if isinstance(said, str) else json.dumps(said, indent=2))
    sys.exit(1 if found.open else 0)


def _name(file: BinaryIO) -> str:
    return "-" if file is sys.stdin.buffer else str(file.name)
