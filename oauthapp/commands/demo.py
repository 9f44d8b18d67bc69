"""`oauthapp demo`: both parties in one process, and the compare page."""

import json
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import click


@click.command()
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
