"""How a party that a file describes is served: options, and what they do."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import Literal

import click

from oauthapp.errors import SettingsError

if TYPE_CHECKING:
    from flask import Flask

    from oauthapp.recorder.call import Listener
    from oauthapp.serving import Tls
    from oauthapp.settings import Settings

LogFormat = Literal["text", "json"]

log_format_option = click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    help="A line for people, or for programs [that of log.format].",
)
_OPTIONS = (
    click.option(
        "--workers",
        type=click.IntRange(1, 64),
        help="Serve by so many processes, for production; needs oauthapp[serve].",
    ),
    click.option(
        "--certificate",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Speak https: the certificate with its chain, in PEM.",
    ),
    click.option(
        "--key",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="The certificate's private key, in PEM.",
    ),
    log_format_option,
)


@dataclass(frozen=True, kw_only=True)
class Serving:
    """What the options say."""

    host: str | None = None
    port: int | None = None
    workers: int | None = None
    certificate: Path | None = None
    key: Path | None = None

    def tls(self) -> "Tls | None":
        """
        :raises SettingsError: when one file is missing, or cannot be used.
        """
        from oauthapp.serving import Tls
        from oauthapp.serving import require_pair

        if self.certificate is None and self.key is None:
            return None
        if self.certificate is None or self.key is None:
            raise SettingsError("--certificate and --key: give both, or neither")
        tls = Tls(certificate=self.certificate, key=self.key)
        require_pair(tls)
        return tls


def serving_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that serves."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def listener_for(settings: "Settings", log_format: LogFormat | None) -> "Listener":
    """What prints calls; from now on errors are logged in the same way."""
    from oauthapp.console import print_calls
    from oauthapp.json_log import log_as_json
    from oauthapp.json_log import print_calls_as_json

    if (log_format or settings.log.format) == "text":
        return print_calls
    log_as_json()
    return print_calls_as_json


@dataclass(frozen=True, kw_only=True)
class PartyOf:
    """Makes a party, in whichever process it is called."""

    name: Literal["app", "provider"]
    settings: "Settings"
    log_format: LogFormat | None

    def __call__(self) -> "Flask":
        """
        :raises SettingsError: when the settings describe none.
        """
        from oauthapp import running

        listener = listener_for(self.settings, self.log_format)
        if self.name == "app":
            return running.build_app(self.settings, listener)
        return running.build_provider(self.settings, listener)


def serve(build: "Callable[[], Flask]", url: str, serving: Serving) -> None:
    """Let a party answer until it is told to stop.

    :param build: makes it; with several processes, once in each.
    :param url: how it is reached; says where it listens, too, unless it is told.
    """
    from oauthapp import running
    from oauthapp.heaps import share_heaps
    from oauthapp.process import told_to_stop
    from oauthapp.serving import Server

    own_host, own_port = running.address(url)
    host, tls = serving.host or own_host, serving.tls()
    port = own_port if serving.port is None else serving.port
    if serving.workers is not None:
        from oauthapp.production.crew import Place
        from oauthapp.production.crew import serve_many

        place = Place(host=host, port=port, tls=tls)
        return serve_many(
            build,
            place,
            workers=serving.workers,
            ready=lambda port: _say_ready(port, url),
        )
    share_heaps()
    party = build()
    server = Server(host, port, tls=tls)
    gc.collect()
    gc.freeze()  # what is there now stays: nobody waits while it is looked through
    with (
        told_to_stop() as until_told,
        running.recording(party),
        server.running(party, short=running.short_path(party)),
    ):
        _say_ready(server.port, url)
        until_told()


def _say_ready(port: int, url: str) -> None:
    click.echo(f"listening on port {port}, reached as {url}")
