"""Alembic, told where our histories are. Importing it takes long: only who upgrades."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from oauthapp.migrations.version_store import version_table

FIRST_REVISION = "0001"

_HERE = Path(__file__).parent


def revisions(history: str) -> tuple[str, ...]:
    """Every revision there is, the first one first."""
    walked = ScriptDirectory.from_config(_config(history)).walk_revisions()
    return tuple(one.revision for one in walked)[::-1]


def upgrade(connection: Connection, history: str) -> None:
    """Go on to the end of the history, in the transaction that is under way."""
    config = _config(history)
    config.attributes["connection"] = connection
    config.attributes["version_table"] = version_table(history)
    command.upgrade(config, "head")


def _config(history: str) -> Config:
    config = Config()
    # Percent signs would be looked up, as in every file of settings.
    here, there = (str(one).replace("%", "%%") for one in (_HERE, _HERE / history))
    config.set_main_option("script_location", here)
    config.set_main_option("version_locations", there)
    config.set_main_option("path_separator", "newline")
    return config
