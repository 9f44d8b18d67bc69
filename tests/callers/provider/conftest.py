"""The provider of `tests/attacks`, for the tests of its rooms."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from oauthapp.database import open_database
from oauthapp.schema.provider import provider_tables
from tests.attacks.house import clock
from tests.attacks.provider_house import provider

__all__ = ["clock", "provider"]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/store.sqlite", provider_tables)
    yield engine
    engine.dispose()
