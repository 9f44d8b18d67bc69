"""What the sender's commands share: options, the provider they work on, tables."""

import json
import os
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any
from typing import cast

import click

from oauthapp.configuration import load_settings

if TYPE_CHECKING:
    from oauthapp.callers.sender.endpoint_store import KeptEndpoint
    from oauthapp.services import ProviderServices

config_option = click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="TOML file; every key can also be set as OAUTHAPP_<TABLE>__<KEY>.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


class JsonObject(click.ParamType):  # type: ignore[type-arg]  # generic in new ones
    """An option whose text is a JSON object."""

    name = "json"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        """The object that `value` says."""
        try:
            read = json.loads(value)
        except (ValueError, RecursionError):
            read = None
        if not isinstance(read, dict):
            self.fail(f"{value!r} is no JSON object, such as '{{\"id\": 7}}'")
        return read


class EventType(click.ParamType):  # type: ignore[type-arg]  # generic in new ones
    """A type of event, such as "order.paid"."""

    name = "type"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        """`value` itself."""
        from oauthapp.settings_checks import require_event_types

        try:
            require_event_types("TYPE", [value])
        except ValueError as error:
            self.fail(str(error).removeprefix("TYPE: "), param, ctx)
        return value


@contextmanager
def provider_at(config: Path | None) -> "Iterator[ProviderServices]":
    """The provider of these settings, without a server around it.

    :raises SettingsError: when there is none, or its database cannot be opened.
    """
    from oauthapp.running import build_provider
    from oauthapp.services import ProviderServices

    provider = build_provider(load_settings(config, os.environ))
    services = cast(ProviderServices, provider.extensions["oauthapp"])
    with provider.app_context():
        yield services
    services.close()


def require_endpoint(services: "ProviderServices", url: str) -> "KeptEndpoint":
    """The endpoint at `url`.

    :raises click.ClickException: when there is none.
    """
    from oauthapp.callers.sender import endpoint_store
    from oauthapp.database import reading

    with reading(services.database) as connection:
        found = endpoint_store.find(connection, url)
    if found is None:
        raise click.ClickException(f"{url}: no such endpoint; see `endpoints list`")
    return found


def print_rows(rows: Sequence[Mapping[str, object]], *, as_json: bool) -> None:
    """Rows as JSON, or as a table whose columns are the rows' keys."""
    if as_json:
        return click.echo(json.dumps(list(rows), indent=2))
    if not rows:
        return click.echo("none")
    texts = [{key: _text(value) for key, value in row.items()} for row in rows]
    keys = list(rows[0])
    widths = {key: max(len(key), *(len(row[key]) for row in texts)) for key in keys}
    for row in ({key: key for key in keys}, *texts):
        click.echo("  ".join(row[key].ljust(widths[key]) for key in keys).rstrip())


def moment(at: float | None) -> str:
    """Unix seconds as ISO 8601 in UTC, "" for none."""
    if at is None:
        return ""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    return "" if value is None else str(value)
