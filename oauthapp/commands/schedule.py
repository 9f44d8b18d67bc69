"""`oauthapp schedule`: events that are sent again and again."""

import json
import secrets
from pathlib import Path
from typing import Any

import click

from oauthapp.commands.common import EventType
from oauthapp.commands.common import JsonObject
from oauthapp.commands.common import config_option
from oauthapp.commands.common import json_option
from oauthapp.commands.common import moment
from oauthapp.commands.common import print_rows
from oauthapp.commands.common import provider_at


@click.group()
def schedule() -> None:
    """Send an event every so often."""


@schedule.command()
@config_option
@click.argument("every")
@click.argument("event_type", type=EventType(), metavar="TYPE")
@click.option("--data", type=JsonObject(), default="{}", help="A JSON object.")
@json_option
def add(
    config: Path | None,
    every: str,
    event_type: str,
    data: dict[str, Any],
    as_json: bool,
) -> None:
    """Send an event of TYPE EVERY so often: 30s, 5m, 2h, 1d, or "0 9 * * 1-5" (UTC)."""
    from oauthapp.callers.sender import schedule_store
    from oauthapp.callers.sender.schedule import ScheduleMalformed
    from oauthapp.callers.sender.schedule import next_run
    from oauthapp.database import writing

    with provider_at(config) as services:
        now = services.clock()
        try:
            next_at = next_run(every, after=now)
        except ScheduleMalformed as error:
            raise click.BadParameter(str(error), param_hint="EVERY") from None
        made = schedule_store.Schedule(
            schedule_id=f"sch_{secrets.token_hex(4)}",
            every=every,
            event_type=event_type,
            data=data,
            next_at=next_at,
            created_at=now,
        )
        with writing(services.database) as connection:
            schedule_store.add(connection, made)
    if as_json:
        told = {"id": made.schedule_id, "next": moment(next_at)}
        return click.echo(json.dumps(told, indent=2))
    click.echo(f"{made.schedule_id}: next at {moment(next_at)}")


@schedule.command("list")
@config_option
@click.option("--runs", is_flag=True, help="With the last runs of each.")
@json_option
def list_(config: Path | None, runs: bool, as_json: bool) -> None:
    """List schedules and when each is due next."""
    from oauthapp.callers.sender import schedule_store
    from oauthapp.database import reading

    with provider_at(config) as services, reading(services.database) as connection:
        found = schedule_store.listed(connection)
        of_each = {
            one.schedule_id: schedule_store.runs(connection, one.schedule_id)
            for one in found
        }
    rows: list[dict[str, object]] = [
        {
            "id": one.schedule_id,
            "every": one.every,
            "type": one.event_type,
            "next": moment(one.next_at),
            "runs": len(of_each[one.schedule_id]),
        }
        for one in found
    ]
    if runs:
        rows = [
            {"id": schedule_id, "ran": moment(run.ran_at), "message_id": run.message_id}
            for schedule_id, all_runs in of_each.items()
            for run in all_runs
        ]
    print_rows(rows, as_json=as_json)


@schedule.command()
@config_option
@click.argument("schedule_id")
def remove(config: Path | None, schedule_id: str) -> None:
    """Send it no more."""
    from oauthapp.callers.sender import schedule_store
    from oauthapp.database import writing

    with provider_at(config) as services, writing(services.database) as connection:
        there = schedule_store.remove(connection, schedule_id)
    if not there:
        raise click.ClickException(f"{schedule_id}: no such schedule")
    click.echo(f"{schedule_id} is removed")
