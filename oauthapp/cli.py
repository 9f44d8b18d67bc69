"""The command line: `oauthapp demo`, and each party and its worker on its own."""

import sys
from pkgutil import resolve_name
from typing import Any
from typing import cast

import click

import oauthapp
from oauthapp.errors import InputUnusable
from oauthapp.errors import SettingsError
from oauthapp.starting import keeping_all

#: Exit code for settings and input that cannot be used, as click's for wrong usage.
UNUSABLE = 2

_ROOM = "oauthapp.commands"
#: Where each command is: none is imported for another one.
_COMMANDS = {
    "app": f"{_ROOM}.app:app",
    "check-client": f"{_ROOM}.check_client:check_client",
    "check-webhook": f"{_ROOM}.check_webhook:check_webhook",
    "database": f"{_ROOM}.database:database",
    "deliveries": f"{_ROOM}.deliveries:deliveries",
    "demo": f"{_ROOM}.demo:demo",
    "endpoints": f"{_ROOM}.endpoints:endpoints",
    "explain": f"{_ROOM}.explain:explain",
    "provider": f"{_ROOM}.provider:provider",
    "rotate-keys": f"{_ROOM}.rotate_keys:rotate_keys",
    "run": f"{_ROOM}.run:run",
    "schedule": f"{_ROOM}.schedule:schedule",
    "send": f"{_ROOM}.send:send",
    "sign": f"{_ROOM}.webhook:sign",
    "verify": f"{_ROOM}.webhook:verify",
    "worker": f"{_ROOM}.worker:worker",
}


class _Group(click.Group):
    """Says in one line what cannot be used, instead of a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = _COMMANDS.get(cmd_name)
        if place is None:
            return None
        with keeping_all():
            return cast(click.Command, resolve_name(place))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (SettingsError, InputUnusable) as error:
            click.echo(f"oauthapp: {error}", err=True)
            sys.exit(UNUSABLE)


@click.group(cls=_Group)
@click.version_option(oauthapp.__version__, prog_name="oauthapp")
def main() -> None:
    """Redirect callbacks and webhooks, side by side on real traffic."""
