"""`oauthapp check-webhook`: which forged messages does a webhook endpoint let in?"""

import json
import os
from pathlib import Path
from typing import Any
from typing import BinaryIO

import click

from oauthapp.commands.checking import checking_options
from oauthapp.commands.checking import conclude
from oauthapp.commands.checking import progress

#: As `oauthapp.callbacks.webhook.schemes` names them; that is not imported until used.
_SCHEMES = ("standard", "stripe", "github", "slack")


@click.command("check-webhook")
@click.argument("url")
@click.option("--secret", help="The signing secret [$OAUTHAPP_SECRET].")
@click.option(
    "--scheme",
    type=click.Choice(_SCHEMES),
    default="standard",
    show_default=True,
    help="How the sender signs.",
)
@click.option("--event-type", default="check.made", show_default=True)
@click.option(
    "--body",
    type=click.File("rb"),
    metavar="FILE",
    help="JSON that the endpoint understands [what such senders say].",
)
@click.option(
    "--effects-url",
    default="",
    help="A page that answers with the number of messages that took effect so far.",
)
@checking_options
def check_webhook(
    url: str,
    secret: str | None,
    scheme: str,
    body: BinaryIO | None,
    junit: Path | None,
    as_json: bool,
    **how: Any,
) -> None:
    """Drive the webhook endpoint at URL through forged, late and broken messages.

    A good message has to be accepted first. What is let in then is told with the rule
    that forbids it; 5xx and hanging are told, too.

    For endpoints of your own: they are sent forged messages, and good ones that take
    effect. Exits with 0 when nothing was found, 1 when something was, 2 when a good
    message is not accepted.
    """
    from oauthapp.checking.webhook.drive import Case
    from oauthapp.checking.webhook.drive import check_webhook as drive
    from oauthapp.clock import system_clock

    case = Case(
        url=url,
        secret=_usable(scheme, secret),
        scheme=scheme,
        clock=system_clock,
        event_type=how["event_type"],
        body=_json(body),
        effects_url=how["effects_url"],
        patience=how["patience"],
    )
    report = drive(case, only=how["only"], skip=how["skip"], tell=progress)
    conclude(report, as_json=as_json, junit=junit)


def _usable(scheme: str, option: str | None) -> str:
    """The secret of the option; else that of the environment, which no `ps` shows."""
    from oauthapp.callers.sender.sign import signed_headers
    from oauthapp.configuration import SECRET_VARIABLE
    from oauthapp.errors import InputUnusable

    secret = option or os.environ.get(SECRET_VARIABLE, "")
    if not secret:
        raise InputUnusable(f"secret: give --secret, or set {SECRET_VARIABLE}")
    try:
        signed_headers(
            scheme=scheme, secret=secret, message_id="msg", timestamp=0, body=b""
        )
    except ValueError as error:
        raise InputUnusable(f"secret: {error}") from None
    return secret


def _json(file: BinaryIO | None) -> bytes:
    from oauthapp.errors import InputUnusable

    if file is None:
        return b""
    body = file.read()
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        raise InputUnusable(f"--body: {file.name} is no JSON") from None
    return body
