"""A provider's database before anything happened: made once, and copied after that."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine

_kept: list[bytes] = []


def furnish(file: Path) -> None:
    """Let the tables be in `file` if they have been made before: it is quicker."""
    if _kept:
        file.write_bytes(_kept[0])


def keep(engine: Engine) -> None:
    """Remember what has just been made."""
    if _kept:
        return
    connection = engine.raw_connection()
    driver: Any = connection.driver_connection
    _kept.append(driver.serialize())
    connection.close()
