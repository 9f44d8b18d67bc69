"""A recorder on a database of its own, and its clock."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from oauthapp.database import open_database
from oauthapp.recorder.call import Call
from oauthapp.recorder.store import Recorder
from oauthapp.schema.recorder import recorder_tables

NOW = 1_700_000_000.0


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/recorder.sqlite", recorder_tables)
    yield engine
    engine.dispose()


@pytest.fixture
def heard() -> list[Call]:
    """What the recorder told its listener."""
    return []


@pytest.fixture
def recorder(database: Engine, heard: list[Call]) -> Recorder:
    return Recorder(database, "the recorder's key", lambda: NOW, heard.extend)
