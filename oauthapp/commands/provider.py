"""`oauthapp provider`: the provider of a file, or one that flags alone describe."""

import gc
import json
import os
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from oauthapp.commands.common import config_option
from oauthapp.commands.provider_flags import clients_of
from oauthapp.commands.provider_flags import endpoints_of
from oauthapp.commands.provider_flags import settings_in
from oauthapp.commands.provider_flags import users_of
from oauthapp.commands.serving import LogFormat
from oauthapp.commands.serving import PartyOf
from oauthapp.commands.serving import Serving
from oauthapp.commands.serving import serve
from oauthapp.commands.serving import serving_options
from oauthapp.configuration import load_settings
from oauthapp.errors import SettingsError
from oauthapp.starting import keeping_all

#: Flags that go together with a file, too.
_WITH_A_FILE = {"config", "host", "port"}
#: Flags that go together with a file only.
_NEED_A_FILE = ("workers", "certificate", "key")


@click.command()
@config_option
@click.option("--host", help="Address to listen on [127.0.0.1, or the issuer's].")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Port to listen on; 0 takes a free one [5001, or the issuer's].",
)
@click.option(
    "--user",
    "users",
    multiple=True,
    metavar="NAME[:PASSWORD]",
    help="Who can sign in [alice and bob]; the password is NAME-password.",
)
@click.option(
    "--claim",
    "claims",
    multiple=True,
    metavar="USER:NAME=VALUE",
    help="What is told of a user, such as alice:email=a@b.example.",
)
@click.option(
    "--client",
    "clients",
    multiple=True,
    metavar="ID[:SECRET]|JSON",
    help="Who may ask; public without a secret. JSON as in the file, for several.",
)
@click.option("--redirect-uri", "redirect_uris", multiple=True, metavar="URL")
@click.option("--signing-alg", type=click.Choice(["RS256", "ES256"]), default="RS256")
@click.option("--webhook", metavar="URL", help="Send every event to this endpoint.")
@click.option("--webhook-secret", metavar="whsec_…", help="Made if it is left out.")
@click.option("--control", is_flag=True, help="Take orders at /control.")
@click.option("--https", is_flag=True, help="With a certificate made for it.")
@click.option(
    "--tenant",
    "tenants",
    multiple=True,
    metavar="NAME",
    help="One more provider of its own, at /t/NAME.",
)
@click.option("--verbose", is_flag=True, help="A line for each call, on stderr.")
@serving_options
@click.pass_context
def provider(context: click.Context, /, config: Path | None, **flags: Any) -> None:
    """Run the provider: OpenID provider and webhook sender.

    Without --config the flags describe it, for tests: it keeps nothing, sends its
    webhooks itself, and says in one line of JSON when it is ready, and where.
    """
    serving = {name: flags.pop(name) for name in _NEED_A_FILE}
    log_format = flags.pop("log_format")
    if config is None and not settings_in(os.environ):
        _require_no_file_needed({**serving, "log_format": log_format})
        return _alone(**flags)
    for name in flags:
        given = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if given and name not in _WITH_A_FILE:
            raise SettingsError(
                f"--{name.replace('_', '-').removesuffix('s')}: describes a provider "
                "without a file; write it into the file, or leave out --config"
            )
    place = Serving(host=flags["host"], port=flags["port"], **serving)
    _of_the_file(config, place, log_format)


def _require_no_file_needed(flags: dict[str, Any]) -> None:
    for name, value in flags.items():
        if value is not None:
            raise SettingsError(
                f"--{name.replace('_', '-')}: goes together with --config: without a "
                "file a provider is for tests"
            )


def _of_the_file(
    config: Path | None, place: Serving, log_format: LogFormat | None
) -> None:
    settings = load_settings(config, os.environ)
    build = PartyOf(name="provider", settings=settings, log_format=log_format)
    url = settings.provider.issuer if settings.provider else ""
    serve(build, url, place)


def _alone(
    host: str | None,
    port: int | None,
    *,
    users: tuple[str, ...],
    claims: tuple[str, ...],
    clients: tuple[str, ...],
    redirect_uris: tuple[str, ...],
    signing_alg: Any,
    webhook: str | None,
    webhook_secret: str | None,
    control: bool,
    https: bool,
    tenants: tuple[str, ...],
    verbose: bool,
) -> None:
    from oauthapp.process import told_to_stop

    with told_to_stop() as until_told, ExitStack() as stack:
        with keeping_all():
            from oauthapp.console import print_calls_aside
            from oauthapp.standalone.serve import Place
            from oauthapp.standalone.serve import running_alone
            from oauthapp.standalone.wanted import Wanted

            wanted = Wanted(
                users=users_of(users, claims),
                clients=clients_of(clients, redirect_uris),
                endpoints=endpoints_of(webhook, webhook_secret),
                signing_alg=signing_alg,
                control=control,
            )
            place = Place(
                host=host or "127.0.0.1",
                port=5001 if port is None else port,
                https=https,
                tenants=tenants,
            )
            listener = print_calls_aside if verbose else None
            running = running_alone(wanted, place, listener=listener)
            ready = stack.enter_context(running)
            gc.freeze()  # nobody is to wait while it is looked through later
        click.echo(json.dumps(ready))
        until_told()
