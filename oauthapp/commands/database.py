"""`oauthapp database`: how far the tables are, and bringing them up to date."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oauthapp.commands.common import config_option
from oauthapp.commands.common import json_option
from oauthapp.commands.common import print_rows
from oauthapp.configuration import load_settings

if TYPE_CHECKING:
    from sqlalchemy import MetaData

    from oauthapp.settings import AppSettings
    from oauthapp.settings import ProviderSettings
    from oauthapp.settings import RecorderSettings
    from oauthapp.settings import Settings

    _Own = AppSettings | ProviderSettings | RecorderSettings
    _Database = tuple[_Own, MetaData]


@click.group()
def database() -> None:
    """The databases of a file: each party's own, and the recorder's.

    Every start brings them up to date; this does it before, or tells what it would do.
    """


@database.command()
@config_option
@json_option
def status(config: Path | None, as_json: bool) -> None:
    """Tell how far the tables are. Exit code 1 when some are not up to date."""
    rows = _rows(load_settings(config, os.environ))
    print_rows(rows, as_json=as_json)
    sys.exit(0 if all(row["revision"] == row["needed"] for row in rows) else 1)


@database.command()
@config_option
@json_option
def upgrade(config: Path | None, as_json: bool) -> None:
    """Make the tables, or bring them up to date, and tell how far they are."""
    from oauthapp.database import open_database
    from oauthapp.running import database_errors

    settings = load_settings(config, os.environ)
    for name, (own, tables) in _databases(settings).items():
        with database_errors(f"{name}.database_url"):
            open_database(own.database_url, tables, wait=own.database_wait).dispose()
    print_rows(_rows(settings), as_json=as_json)


def _rows(settings: "Settings") -> list[dict[str, object]]:
    return [
        {
            "tables": name,
            "revision": _revision(name, own, tables),
            "needed": tables.info["revision"],
        }
        for name, (own, tables) in _databases(settings).items()
    ]


def _revision(name: str, own: "_Own", tables: "MetaData") -> str | None:
    from oauthapp.database import opened_as_it_is
    from oauthapp.migrations.version_store import revision
    from oauthapp.running import database_errors

    with (
        database_errors(f"{name}.database_url"),
        opened_as_it_is(own.database_url, wait=own.database_wait) as connection,
    ):
        return revision(connection, tables.info["history"])


def _databases(settings: "Settings") -> "Mapping[str, _Database]":
    """By the name of the table in the file."""
    from oauthapp.schema.app import app_tables
    from oauthapp.schema.provider import provider_tables
    from oauthapp.schema.recorder import recorder_tables

    found: dict[str, _Database] = {"recorder": (settings.recorder, recorder_tables)}
    if settings.app is not None:
        found["app"] = settings.app, app_tables
    if settings.provider is not None:
        found["provider"] = settings.provider, provider_tables
    return found
