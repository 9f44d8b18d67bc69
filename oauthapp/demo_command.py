"""`oauthapp demo`: until Ctrl-C for people, or once for machines."""

from pathlib import Path
from typing import Any

import click
import requests

from oauthapp.console import print_calls
from oauthapp.demo import Demo
from oauthapp.demo import log_in
from oauthapp.demo import running_demo
from oauthapp.heaps import share_heaps
from oauthapp.playing.arrivals import PATIENCE
from oauthapp.process import told_to_stop
from oauthapp.recorder.runs import latest_run
from oauthapp.recorder.story_json import as_json
from oauthapp.scenarios import SCENARIOS
from oauthapp.visitor import LostVisitor


def serve(instance: Path, *, app_port: int, provider_port: int) -> None:
    """Run both parties until told to stop, with a line for every call."""
    share_heaps()
    with (
        told_to_stop() as until_told,
        running_demo(
            instance,
            app_port=app_port,
            provider_port=provider_port,
            listener=print_calls,
        ) as demo,
    ):
        click.echo(_greeting(demo))
        until_told()
        click.echo("stopping")


def run_once(instance: Path, *, app_port: int, provider_port: int) -> dict[str, Any]:
    """One login without a browser: its calls, and whether both callbacks arrived."""
    with running_demo(instance, app_port=app_port, provider_port=provider_port) as demo:
        try:
            log_in(demo)
        except (LostVisitor, requests.RequestException) as error:
            click.echo(f"oauthapp: the login did not go through: {error}", err=True)
        for path in ("/callback/", "/webhooks/"):
            demo.arrivals.wait_for(path, seconds=PATIENCE / 2)
        story = latest_run(demo.recorder, SCENARIOS["login"])
    return as_json(story)


def in_words(run: dict[str, Any]) -> str:
    """The calls of a run as a table, then whether both callbacks arrived."""
    lines = [
        f"{call['kind']:8}  {call['caller']:>8} → {call['callee']:8}  "
        f"{call['method']:4} {call['path']:36} {call['status'] or '---'}  "
        f"{call['verdict'] or '-':8}  {call['ms']:7.1f} ms"
        for call in run["calls"]
    ]
    arrived = "arrived" if run["complete"] else "did NOT both arrive"
    return "\n".join([*lines, "", f"The redirect and the webhook {arrived}."])


def _greeting(demo: Demo) -> str:
    users = ", ".join(f"{user.sub} (password {user.password})" for user in demo.users)
    return (
        f"\n  the app       {demo.app_url}   ← open this in a browser\n"
        f"  the provider  {demo.provider_url}\n"
        f"  sign in as    {users}\n\n"
        "  Every call is a line below. Ctrl-C stops both.\n"
    )
