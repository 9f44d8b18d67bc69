"""`oauthapp worker`: what is kept is processed, what is due is sent."""

import os
from contextlib import ExitStack
from pathlib import Path

import click

from oauthapp.commands.common import config_option
from oauthapp.commands.serving import LogFormat
from oauthapp.commands.serving import listener_for
from oauthapp.commands.serving import log_format_option
from oauthapp.configuration import load_settings
from oauthapp.errors import SettingsError


@click.command()
@config_option
@log_format_option
def worker(config: Path | None, log_format: LogFormat | None) -> None:
    """Process kept messages and send webhooks, for each party in the file."""
    from oauthapp import running
    from oauthapp.app_workers import app_working
    from oauthapp.heaps import share_heaps
    from oauthapp.process import told_to_stop
    from oauthapp.provider_workers import provider_working

    share_heaps()
    settings = load_settings(config, os.environ)
    if settings.app is None and settings.provider is None:
        raise SettingsError(
            "app: missing; add a table [app] or [provider] to the file, or name "
            "another with --config"
        )
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
