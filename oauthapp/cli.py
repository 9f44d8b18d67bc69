"""The command line: `oauthapp demo`, and each party and its worker on its own."""

import json
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

import oauthapp
from oauthapp.commands.check_client import check_client
from oauthapp.commands.check_webhook import check_webhook
from oauthapp.commands.common import config_option
from oauthapp.commands.database import database
from oauthapp.commands.deliveries import deliveries
from oauthapp.commands.endpoints import endpoints
from oauthapp.commands.explain import explain
from oauthapp.commands.provider import provider
from oauthapp.commands.run import run
from oauthapp.commands.schedule import schedule
from oauthapp.commands.send import send
from oauthapp.commands.serving import LogFormat
from oauthapp.commands.serving import PartyOf
from oauthapp.commands.serving import Serving
from oauthapp.commands.serving import listener_for
from oauthapp.commands.serving import log_format_option
from oauthapp.commands.serving import serve
from oauthapp.commands.serving import serving_options
from oauthapp.commands.webhook import sign
from oauthapp.commands.webhook import verify
from oauthapp.configuration import load_settings
from oauthapp.errors import InputUnusable
from oauthapp.errors import SettingsError

#: Exit code for settings and input that cannot be used, as click's for wrong usage.
UNUSABLE = 2


class _Group(click.Group):
    """Says in one line what cannot be used, instead of a traceback."""

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


_PARTIES = (provider, run, send, endpoints, deliveries, schedule, database)
_CHECKS = (check_client, check_webhook, sign, verify, explain)

for _command in (*_PARTIES, *_CHECKS):
    main.add_command(_command)


@main.command()
@click.option("--once", is_flag=True, help="Sign in once without a browser, then stop.")
@click.option("--json", "as_json", is_flag=True, help="With --once: print JSON.")
@click.option("--app-port", type=click.IntRange(0, 65535), default=None)
@click.option("--provider-port", type=click.IntRange(0, 65535), default=None)
@click.option(
    "--instance",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for secrets and databases [instance; with --once a temporary one].",
)
def demo(
    once: bool,
    as_json: bool,
    app_port: int | None,
    provider_port: int | None,
    instance: Path | None,
) -> None:
    """Run both parties and show one login through both kinds of callback."""
    from oauthapp import demo_command

    if as_json and not once:
        raise click.UsageError("--json needs --once")
    if not once:
        demo_command.serve(
            instance or Path("instance"),
            app_port=5000 if app_port is None else app_port,
            provider_port=5001 if provider_port is None else provider_port,
        )
        return
    with ExitStack() as stack:
        temporary = stack.enter_context(tempfile.TemporaryDirectory())
        run = demo_command.run_once(
            instance or Path(temporary),
            app_port=app_port or 0,
            provider_port=provider_port or 0,
        )
    click.echo(json.dumps(run, indent=2) if as_json else demo_command.in_words(run))
    sys.exit(0 if run["complete"] else 1)


@main.command()
@config_option
@click.option("--host", help="Address to listen on [that of app.base_url].")
@click.option("--port", type=int, help="Port to listen on [that of app.base_url].")
@serving_options
def app(config: Path | None, log_format: LogFormat | None, **flags: Any) -> None:
    """Run the app: relying party, webhook endpoint and compare page."""
    settings = load_settings(config, os.environ)
    build = PartyOf(name="app", settings=settings, log_format=log_format)
    url = settings.app.base_url if settings.app else ""
    serve(build, url, Serving(**flags))


@main.command()
@config_option
@log_format_option
def worker(config: Path | None, log_format: LogFormat | None) -> None:
    """Process kept messages and send webhooks, for each party in the file."""
    from oauthapp import running
    from oauthapp.app_workers import app_working
    from oauthapp.process import told_to_stop
    from oauthapp.provider_workers import provider_working

    settings = load_settings(config, os.environ)
    if settings.app is None and settings.provider is None:
        raise SettingsError("app: missing; add a table [app] or [provider]")
    listener = listener_for(settings, log_format)
    with ExitStack() as stack:
        until_told = stack.enter_context(told_to_stop())
        if settings.app:
            built = running.build_app(settings, listener)
            stack.enter_context(running.recording(built))
            stack.enter_context(app_working(built))
        if settings.provider:
            built = running.build_provider(settings, listener)
            stack.enter_context(running.recording(built))
            stack.enter_context(provider_working(built))
        click.echo("worker ready")
        until_told()


@main.command("rotate-keys")
@config_option
def rotate_keys(config: Path | None) -> None:
    """Let the provider sign with a new key; the old one stays published for now."""
    from oauthapp import running

    kid = running.rotate_keys(load_settings(config, os.environ))
    click.echo(f"signing with {kid}")
