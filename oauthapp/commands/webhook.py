"""The command line's twins: `oauthapp sign` signs a webhook, `verify` judges one."""

import json
import os
import re
import sys
from collections.abc import Sequence
from typing import BinaryIO

import click

#: As `oauthapp.callbacks.webhook.schemes` names them; that is not imported until used.
_SCHEMES = ("standard", "stripe", "github", "slack")
_MESSAGE_ID = re.compile(r"[!-\-/-~]{1,256}")

_scheme = click.option(
    "--scheme",
    type=click.Choice(_SCHEMES),
    default="standard",
    show_default=True,
    help="How the sender signs.",
)
_file = click.argument("file", type=click.File("rb"), metavar="FILE|-")


@click.command()
@_scheme
@click.option("--secret", help="The signing secret [$OAUTHAPP_SECRET].")
@click.option("--id", "message_id", help="Message id [a new one].")
@click.option(
    "--timestamp", type=click.IntRange(0, 10**12 - 1), help="Unix seconds [now]."
)
@_file
def sign(
    scheme: str,
    secret: str | None,
    message_id: str | None,
    timestamp: int | None,
    file: BinaryIO,
) -> None:
    """Print the headers that sign the body in FILE, one a line.

    With Standard Webhooks the secret is whsec_… (v1), or a private key whsk_… (v1a).
    """
    from oauthapp.callers.sender.sign import signed_headers
    from oauthapp.clock import system_clock
    from oauthapp.errors import InputUnusable

    _require_a_place(scheme, message_id, timestamp)
    try:
        headers = signed_headers(
            scheme=scheme,
            secret=_secrets([] if secret is None else [secret])[0],
            message_id=_new_id() if message_id is None else message_id,
            timestamp=int(system_clock()) if timestamp is None else timestamp,
            body=file.read(),
        )
    except ValueError as error:
        raise InputUnusable(f"secret: {error}") from None
    for name, value in headers.items():
        click.echo(f"{name}: {value}")


@click.command()
@_scheme
@click.option(
    "--secret",
    "secrets",
    multiple=True,
    help="A signing secret; several while rotating [$OAUTHAPP_SECRET].",
)
@click.option("--now", type=float, help="Unix seconds of the receiver's clock [now].")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@_file
def verify(
    scheme: str,
    secrets: tuple[str, ...],
    now: float | None,
    as_json: bool,
    file: BinaryIO,
) -> None:
    """Say whether the webhook in FILE is the sender's, and why not.

    FILE is a raw HTTP request: headers, an empty line, the body. Exits with 0 when it
    is accepted, 1 when it is refused, 2 when there is nothing to judge.
    """
    from oauthapp.clock import system_clock
    from oauthapp.commands.raw_request import read_request
    from oauthapp.commands.webhook_report import report

    given = _secrets(secrets)
    _require_usable(scheme, given)
    request = read_request(file.read())
    said = report(
        scheme,
        secrets=given,
        headers=request.headers,
        body=request.body,
        now=system_clock() if now is None else now,
    )
    click.echo(json.dumps(said.as_json(), indent=2) if as_json else said.in_words())
    sys.exit(0 if said.accepted else 1)


def _secrets(options: Sequence[str]) -> Sequence[str]:
    """Those of the options; else that of the environment, which no `ps` shows."""
    from oauthapp.configuration import SECRET_VARIABLE
    from oauthapp.errors import InputUnusable

    given = options or [os.environ.get(SECRET_VARIABLE, "")]
    if not all(given):
        raise InputUnusable(f"secret: give --secret, or set {SECRET_VARIABLE}")
    return given


def _require_usable(scheme: str, secrets: Sequence[str]) -> None:
    from oauthapp.callbacks.webhook.schemes import SCHEMES
    from oauthapp.errors import InputUnusable

    for number, secret in enumerate(secrets, 1):
        problems = []
        for version in SCHEMES[scheme].versions.values():
            try:
                version.key(secret)
            except ValueError as error:
                problems.append(str(error))
        if len(problems) == len(SCHEMES[scheme].versions):
            raise InputUnusable(f"secret {number}: {', or '.join(problems)}")


def _require_a_place(
    scheme: str, message_id: str | None, timestamp: int | None
) -> None:
    """Refuse what no header of the scheme would carry, and what none can."""
    from oauthapp.callbacks.webhook.schemes import SCHEMES
    from oauthapp.errors import InputUnusable

    if message_id is not None and not SCHEMES[scheme].id_header:
        raise InputUnusable(f"--id: with {scheme} the id stands in the body")
    if message_id is not None and not _MESSAGE_ID.fullmatch(message_id):
        raise InputUnusable('--id: write 1 to 256 visible ASCII characters without "."')
    if timestamp is not None and not SCHEMES[scheme].has_time:
        raise InputUnusable(f"--timestamp: {scheme} signs no time")


def _new_id() -> str:
    import secrets

    return f"msg_{secrets.token_urlsafe(16)}"
