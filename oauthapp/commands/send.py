"""`oauthapp send`: publish an event now."""

import sys
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING
from typing import Any

import click

from oauthapp.commands.common import EventType
from oauthapp.commands.common import JsonObject
from oauthapp.commands.common import config_option
from oauthapp.commands.common import json_option
from oauthapp.commands.common import moment
from oauthapp.commands.common import print_rows
from oauthapp.commands.common import provider_at
from oauthapp.commands.common import require_endpoint

if TYPE_CHECKING:
    from oauthapp.callers.sender.delivery_store import Summary

#: Seconds between two looks at what became of it.
LOOK = 0.2


@click.command()
@config_option
@click.argument("event_type", type=EventType(), metavar="TYPE")
@click.option("--data", type=JsonObject(), default="{}", help="A JSON object.")
@click.option("--to", "urls", multiple=True, metavar="URL", help="Only to these.")
@click.option(
    "--wait",
    is_flag=True,
    help="Stay until each is delivered or given up, which may take three days; "
    "exit 1 when one was given up.",
)
@json_option
def send(
    config: Path | None,
    event_type: str,
    data: dict[str, Any],
    urls: tuple[str, ...],
    wait: bool,
    as_json: bool,
) -> None:
    """Send an event of TYPE to the endpoints that want it.

    `oauthapp worker` delivers it; it is kept before this command ends.
    """
    from oauthapp.callers.sender import delivery_store
    from oauthapp.callers.sender.event_store import publish
    from oauthapp.database import reading
    from oauthapp.database import writing

    with provider_at(config) as services:
        for url in urls:
            require_endpoint(services, url)
        with writing(services.database) as connection:
            message_id = publish(
                connection,
                event_type=event_type,
                data=data,
                now=services.clock(),
                to=urls or None,
            )

        def look() -> list[delivery_store.Summary]:
            with reading(services.database) as connection:
                return list(delivery_store.of_message(connection, message_id))

        found, said = look(), ""
        while wait and any(one.status == "pending" for one in found):
            if (progress := _progress(found)) != said:
                click.echo(progress, err=True)
                said = progress
            Event().wait(LOOK)
            found = look()
    rows = [_row(one) for one in found]
    if not rows and not as_json:
        click.echo(f"{message_id}: no endpoint wants {event_type}")
    else:
        print_rows(rows, as_json=as_json)
    sys.exit(1 if any(one.status == "dead" for one in found) else 0)


def _row(one: "Summary") -> dict[str, object]:
    return {
        "message_id": one.message_id,
        "endpoint": one.endpoint_url,
        "status": one.status,
        "attempts": one.tries,
        "reason": one.reason,
    }


def _progress(found: "list[Summary]") -> str:
    waiting = [one for one in found if one.status == "pending"]
    tried = max(one.tries for one in waiting)
    last = next((one.reason for one in waiting if one.reason), "no answer yet")
    due = moment(min(one.due_at for one in waiting))
    return (
        f"{len(waiting)} of {len(found)} on their way, attempt {tried}: {last}, {due}"
    )
