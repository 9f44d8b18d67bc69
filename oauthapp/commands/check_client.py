"""`oauthapp check-client`: which attacks does a relying party let in?"""

import shlex
import subprocess
from collections.abc import Callable
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import click

from oauthapp.commands.checking import checking_options
from oauthapp.commands.checking import conclude
from oauthapp.commands.checking import progress

if TYPE_CHECKING:
    from oauthapp.testing.config import OauthappConfig
    from oauthapp.testing.house import House
    from oauthapp.testing.provider import OAuthProvider

_METHODS = ("client_secret_basic", "client_secret_post", "none")


@click.command("check-client")
@click.argument("url")
@click.option("--client-id", help="[what the relying party says it is]")
@click.option("--client-secret", default="check-client-secret", show_default=True)
@click.option("--redirect-uri", help="[what the relying party asks for]")
@click.option(
    "--auth-method",
    type=click.Choice(_METHODS),
    default=_METHODS[0],
    show_default=True,
    help="How it proves at the token endpoint who it is.",
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=5001,
    show_default=True,
    help="Where our provider listens: http://HOST:PORT is its issuer.",
)
@click.option("--signing-alg", type=click.Choice(("RS256", "ES256")), default="RS256")
@click.option(
    "--signed-in-url", default="", help="A page for users [the one a login ends at]."
)
@click.option(
    "--signed-in-text",
    default="alice",
    show_default=True,
    help="What that page says only to her.",
)
@click.option(
    "--wait",
    type=click.FloatRange(0, 3600),
    default=60.0,
    show_default=True,
    help="Seconds for the relying party to be there and lead to our provider.",
)
@click.option(
    "--restart",
    metavar="COMMAND",
    help="Makes it forget metadata and keys: run before each check of those.",
)
@checking_options
def check_client(url: str, junit: Path | None, as_json: bool, **how: Any) -> None:
    """Drive the relying party whose login begins at URL through every fault.

    It signs alice in once as it should be, and then once for each thing that a provider
    or a browser can do wrong, each time in a fresh browser. What it lets in is told
    with the rule that forbids it.

    For relying parties of your own: they are sent forged answers. Exits with 0 when
    nothing was found, 1 when something was, 2 when no login succeeds.
    """
    from oauthapp.checking.client.registration import Registration
    from oauthapp.checking.client.registration import wait_for_client
    from oauthapp.clock import MovableClock
    from oauthapp.testing.house import open_house

    wanted = Registration(
        url=url,
        client_id=how["client_id"] or "",
        client_secret="" if how["auth_method"] == "none" else how["client_secret"],
        redirect_uri=how["redirect_uri"] or "",
        auth_method=how["auth_method"],
    )
    with open_house(_config(how), MovableClock()) as house:
        provider = _provider(house, how["port"])
        progress(wanted.told(provider.issuer))
        client = wait_for_client(wanted, provider.issuer, seconds=how["wait"])
        provider.client(
            client.redirect_uri,
            client_id=client.client_id,
            client_secret=client.client_secret,
            token_endpoint_auth_method=client.auth_method,
        )
        report = provider.check_client(
            url,
            signed_in_url=how["signed_in_url"],
            signed_in_text=how["signed_in_text"],
            only=how["only"],
            skip=how["skip"],
            patience=how["patience"],
            restart=_runs(how["restart"]),
            tell=progress,
        )
    conclude(report, as_json=as_json, junit=junit)


def _config(how: Mapping[str, Any]) -> "OauthappConfig":
    from oauthapp.testing.config import OauthappConfig

    return OauthappConfig(
        host=how["host"], port=how["port"], signing_alg=how["signing_alg"]
    )


def _provider(house: "House", port: int) -> "OAuthProvider":
    from oauthapp.errors import InputUnusable

    try:
        return house.provider()
    except OSError as error:
        raise InputUnusable(f"--port {port}: {error.strerror or error}") from None


def _runs(command: str | None) -> Callable[[], None] | None:
    """Runs `command`, without a shell.

    What it starts in turn, such as the relying party, may live on.
    """
    from oauthapp.errors import InputUnusable

    if command is None:
        return None
    words = shlex.split(command)

    def run() -> None:
        try:
            subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        except (OSError, subprocess.CalledProcessError) as error:
            raise InputUnusable(f"--restart: {error}") from None

    return run
