"""`oauthapp rotate-keys`: the provider signs with a new key."""

import os
from pathlib import Path

import click

from oauthapp.commands.common import config_option
from oauthapp.configuration import load_settings


@click.command("rotate-keys")
@config_option
def rotate_keys(config: Path | None) -> None:
    """Let the provider sign with a new key; the old one stays published for now."""
    from oauthapp import running

    kid = running.rotate_keys(load_settings(config, os.environ))
    click.echo(f"signing with {kid}")
