"""`oauthapp app`: the relying party and its webhook endpoint."""

import os
from pathlib import Path
from typing import Any

import click

from oauthapp.commands.common import config_option
from oauthapp.commands.serving import LogFormat
from oauthapp.commands.serving import PartyOf
from oauthapp.commands.serving import Serving
from oauthapp.commands.serving import serve
from oauthapp.commands.serving import serving_options
from oauthapp.configuration import load_settings


@click.command()
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
