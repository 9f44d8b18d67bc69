"""What `check-client` and `check-webhook` share: options, and how they end."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import click

if TYPE_CHECKING:
    from oauthapp.checking.result import Report

_OPTIONS = (
    click.option("--only", multiple=True, metavar="NAME", help="Make this check only."),
    click.option("--skip", multiple=True, metavar="NAME", help="Leave this check out."),
    click.option("--json", "as_json", is_flag=True, help="Print JSON."),
    click.option(
        "--junit",
        type=click.Path(dir_okay=False, writable=True, path_type=Path),
        metavar="FILE",
        help="Write JUnit XML, too.",
    ),
    click.option(
        "--patience",
        type=click.FloatRange(0.1, 120),
        default=10.0,
        show_default=True,
        help="Seconds after which it counts as hanging.",
    ),
)


def checking_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of both commands."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def progress(line: str) -> None:
    """On stderr, so that a report can be piped."""
    from oauthapp.checking.printable import printable

    click.echo(printable(line), err=True)


def conclude(report: "Report", *, as_json: bool, junit: Path | None) -> None:
    """Print and write the report; exit with 1 when there are findings, 0 without."""
    from oauthapp.checking.junit import as_junit
    from oauthapp.errors import InputUnusable

    click.echo(json.dumps(report.as_json(), indent=2) if as_json else str(report))
    if junit is not None:
        try:
            junit.write_text(as_junit(report), encoding="utf-8")
        except OSError as error:
            raise InputUnusable(f"--junit: {error}") from None
    sys.exit(1 if report.findings else 0)
