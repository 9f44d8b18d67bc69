"""Does a database answer, and can it still be written to?"""

import os
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy import MetaData
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from oauthapp.database import reading
from oauthapp.migrations import version_store

#: Bytes that a disk must have left.
ROOM = 1_000_000


def why_not(engine: Engine) -> str:
    """In a few words what is wrong with it, "" when nothing is.

    :raises SQLAlchemyError: when it does not answer.
    :raises OSError: when its file cannot be opened.
    """
    if engine.dialect.name == "sqlite" and engine.url.database:
        problem = _file_problem(Path(engine.url.database))
        if problem:
            return problem
    try:
        _ask(engine)
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        _ask(engine)  # that connection was older than the server it led to
    return ""


def behind(engine: Engine, tables: MetaData) -> str:
    """How far its tables are behind what we need, "" when they are not.

    Those of a newer version are no harm: that one is being brought in, replica by
    replica, and adds to the tables what we do not look at.

    :raises SQLAlchemyError: when it does not answer.
    """
    needed = tables.info["revision"]
    with reading(engine) as connection:
        found = version_store.revision(connection, tables.info["history"])
    return "" if found and found >= needed else f"at {found}, needed is {needed}"


def _ask(engine: Engine) -> None:
    with reading(engine) as connection:
        connection.execute(select(1))


def _file_problem(path: Path) -> str:
    """A connection that is open goes on with a file that is gone: look at the file."""
    with path.open("r+b"):
        pass
    if not os.access(path.parent, os.W_OK):
        return "its folder cannot be written to"
    disk = os.statvfs(path)
    if disk.f_bavail * disk.f_frsize < ROOM:
        return "the disk is full"
    return ""
