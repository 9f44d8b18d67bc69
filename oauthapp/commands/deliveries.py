"""`oauthapp deliveries`: what was sent, what was given up, and sending it again."""

import json
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oauthapp.commands.common import config_option
from oauthapp.commands.common import json_option
from oauthapp.commands.common import moment
from oauthapp.commands.common import print_rows
from oauthapp.commands.common import provider_at

if TYPE_CHECKING:
    from oauthapp.callers.sender.delivery_store import Summary


@click.group()
def deliveries() -> None:
    """List, show and replay what the sender delivers."""


@deliveries.command("list")
@config_option
@click.option("--status", type=click.Choice(["pending", "delivered", "dead"]))
@click.option("--endpoint", "url", metavar="URL")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@json_option
def list_(
    config: Path | None, status: str | None, url: str | None, limit: int, as_json: bool
) -> None:
    """List deliveries, the newest first."""
    from oauthapp.callers.sender import delivery_store
    from oauthapp.database import reading

    with provider_at(config) as services, reading(services.database) as connection:
        found = delivery_store.listed(
            connection, status=status, endpoint_url=url, limit=limit
        )
    print_rows([_row(one) for one in found], as_json=as_json)


@deliveries.command()
@config_option
@click.argument("message_id")
@json_option
def show(config: Path | None, message_id: str, as_json: bool) -> None:
    """Show a message, its deliveries and every attempt."""
    from oauthapp.callers.sender import delivery_store
    from oauthapp.database import reading

    with provider_at(config) as services, reading(services.database) as connection:
        body = delivery_store.body_of(connection, message_id)
        found = delivery_store.of_message(connection, message_id)
        tried = [
            {
                "endpoint": one.endpoint_url,
                "number": attempt.number,
                "at": moment(attempt.at),
                "ms": round(attempt.ms, 1),
                "status": attempt.status,
                "reason": attempt.reason,
                "answer": attempt.answer,
            }
            for one in found
            for attempt in delivery_store.attempts_at(connection, one)
        ]
    if body is None:
        raise click.ClickException(f"{message_id}: no such message")
    rows, text = [_row(one) for one in found], body.decode("utf-8", "replace")
    if as_json:
        whole = {"body": text, "deliveries": rows, "attempts": tried}
        return click.echo(json.dumps(whole, indent=2))
    click.echo(f"{text}\n")
    print_rows(rows, as_json=False)
    click.echo("")
    print_rows(tried, as_json=False)


@deliveries.command()
@config_option
@click.argument("message_id", required=False)
@click.option("--endpoint", "url", metavar="URL", help="Only what goes there.")
@click.option(
    "--failed-since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    help="All that was given up since then (UTC).",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be sent.")
@click.option(
    "--as-it-was", is_flag=True, help="With the time and signature of the last attempt."
)
@json_option
def replay(
    config: Path | None,
    message_id: str | None,
    url: str | None,
    failed_since: datetime | None,
    dry_run: bool,
    as_it_was: bool,
    as_json: bool,
) -> None:
    """Send MESSAGE_ID again, or all that failed since a time; signed anew."""
    from oauthapp.callers.sender import delivery_store
    from oauthapp.callers.sender import endpoint_store
    from oauthapp.database import reading
    from oauthapp.database import writing

    if (message_id is None) == (failed_since is None):
        raise click.UsageError("give either MESSAGE_ID or --failed-since")
    with provider_at(config) as services:
        with reading(services.database) as connection:
            if message_id is not None:
                found = delivery_store.of_message(connection, message_id)
            else:
                assert failed_since is not None
                since = failed_since.replace(tzinfo=UTC).timestamp()
                found = delivery_store.dead_since(connection, since)
            disabled = {
                one.url for one in endpoint_store.listed(connection) if one.disabled
            }
        if message_id is not None and not found:
            raise click.ClickException(f"{message_id}: no such message")
        wanted = [one for one in found if url in (None, one.endpoint_url)]
        chosen = [
            one
            for one in wanted
            if one.status != "pending" and one.endpoint_url not in disabled
        ]
        if not dry_run:
            with writing(services.database) as connection:
                delivery_store.replay(
                    connection, chosen, now=services.clock(), as_it_was=as_it_was
                )
    print_rows([_row(one) for one in chosen], as_json=as_json)
    done = "would be sent again" if dry_run else "are due again"
    click.echo(f"{len(chosen)} {done}", err=as_json)
    _say_what_was_left([one for one in wanted if one not in chosen])


def _say_what_was_left(left: "list[Summary]") -> None:
    for one in left:
        if one.status == "pending":
            why = f"is still on its way, due {moment(one.due_at)}"
        else:
            why = f"was left: `oauthapp endpoints enable {one.endpoint_url}` first"
        click.echo(f"{one.message_id} to {one.endpoint_url} {why}", err=True)


def _row(one: "Summary") -> dict[str, object]:
    return {
        "message_id": one.message_id,
        "type": one.event_type,
        "endpoint": one.endpoint_url,
        "status": one.status,
        "attempts": one.tries,
        "next": moment(one.due_at if one.status == "pending" else None),
        "reason": one.reason,
    }
