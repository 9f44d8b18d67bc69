"""`oauthapp endpoints`: where webhooks go."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oauthapp.commands.common import config_option
from oauthapp.commands.common import json_option
from oauthapp.commands.common import moment
from oauthapp.commands.common import print_rows
from oauthapp.commands.common import provider_at
from oauthapp.commands.common import require_endpoint

if TYPE_CHECKING:
    from oauthapp.services import ProviderServices


@click.group()
def endpoints() -> None:
    """Add, list, rotate and disable the endpoints that webhooks go to."""


@endpoints.command()
@config_option
@click.argument("url")
@click.option(
    "--events",
    default="session.created",
    show_default=True,
    help="Types it wants, parted by commas.",
)
@click.option(
    "--verify",
    type=click.Choice(["options", "challenge", "none"]),
    default="options",
    show_default=True,
    help="How it has to say that it wants our messages.",
)
@json_option
def add(config: Path | None, url: str, events: str, verify: str, as_json: bool) -> None:
    """Ask URL whether it wants our messages, add it, and print its new secret.

    The secret is shown this once: give it to whoever runs the endpoint.
    """
    from oauthapp.callers.sender import handshake
    from oauthapp.callers.sender.endpoints import add_endpoint
    from oauthapp.callers.sender.endpoints import new_secret
    from oauthapp.callers.sender.refusals import EndpointsFull
    from oauthapp.settings import Endpoint

    types = [one.strip() for one in events.split(",")]
    try:
        endpoint = Endpoint(url=url, secret=new_secret(), events=types)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="URL or --events") from None
    with provider_at(config) as services:
        try:
            if verify != "none":
                handshake.prove_control(
                    services.http,
                    url,
                    way="options" if verify == "options" else "challenge",
                    origin=handshake.host_of(services.settings.issuer),
                    event_types=",".join(types),
                )
        except handshake.ControlNotProven as refusal:
            raise click.ClickException(
                f"{url} did not say that it wants our messages: {refusal}. "
                "If you run it yourself, use --verify none."
            ) from None
        try:
            new = add_endpoint(services, endpoint)
        except EndpointsFull as refusal:
            raise click.ClickException(f"{refusal} {refusal.remedy}") from None
        if not new:
            raise click.ClickException(f"{url} is there already")
    added = {"url": url, "secret": endpoint.secret, "events": endpoint.events}
    if as_json:
        return click.echo(json.dumps(added, indent=2))
    click.echo(f"{url} wants {', '.join(types)}\nits signing secret: {endpoint.secret}")


@endpoints.command("list")
@config_option
@json_option
def list_(config: Path | None, as_json: bool) -> None:
    """List all endpoints and how they are."""
    from oauthapp.callers.sender import endpoint_store
    from oauthapp.database import reading

    with provider_at(config) as services:
        now = services.clock()
        with reading(services.database) as connection:
            found = endpoint_store.listed(connection)
    rows = [
        {
            "url": one.url,
            "events": list(one.events),
            "from": one.origin,
            "state": f"disabled: {one.disabled}" if one.disabled else "active",
            "old_secret_until": moment(
                one.previous_until if (one.previous_until or 0) > now else None
            ),
        }
        for one in found
    ]
    print_rows(rows, as_json=as_json)


@endpoints.command()
@config_option
@click.argument("url")
@json_option
def rotate(config: Path | None, url: str, as_json: bool) -> None:
    """Give URL a new secret; the old one signs too for 24 hours."""
    from oauthapp.callers.sender.endpoints import rotate_secret

    with provider_at(config) as services:
        _require_ours(services, url)
        secret = rotate_secret(services, url)
    if as_json:
        return click.echo(json.dumps({"url": url, "secret": secret}, indent=2))
    click.echo(f"the new signing secret of {url}: {secret}")


@endpoints.command()
@config_option
@click.argument("url")
def disable(config: Path | None, url: str) -> None:
    """Send URL nothing more; what is on its way there is dead."""
    from oauthapp.callers.sender import endpoint_store
    from oauthapp.database import writing

    with provider_at(config) as services:
        require_endpoint(services, url)
        with writing(services.database) as connection:
            now = services.clock()
            endpoint_store.disable(connection, url, reason="by_command", now=now)
    click.echo(f"{url} is disabled; `endpoints enable` and `deliveries replay` undo it")


@endpoints.command()
@config_option
@click.argument("url")
def enable(config: Path | None, url: str) -> None:
    """Send URL again what happens from now on."""
    from oauthapp.callers.sender import endpoint_store
    from oauthapp.database import writing

    with provider_at(config) as services:
        require_endpoint(services, url)
        with writing(services.database) as connection:
            endpoint_store.enable(connection, url)
    click.echo(f"{url} is active")


@endpoints.command()
@config_option
@click.argument("url")
def remove(config: Path | None, url: str) -> None:
    """Forget URL; its deliveries stay, to be looked at."""
    from oauthapp.callers.sender import endpoint_store
    from oauthapp.database import writing

    with provider_at(config) as services:
        _require_ours(services, url)
        with writing(services.database) as connection:
            endpoint_store.remove(connection, url)
    click.echo(f"{url} is removed")


def _require_ours(services: "ProviderServices", url: str) -> None:
    if require_endpoint(services, url).origin == "settings":
        raise click.ClickException(
            f"{url} stands in the settings: take it out or change it there (a changed "
            "secret signs beside the old one for 24 hours)"
        )
