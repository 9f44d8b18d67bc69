"""Each test of a history runs on both databases."""

from pathlib import Path

import pytest

from tests.migrations.databases import Databases


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Databases:
    server = ""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql")
    return Databases(folder=tmp_path, server=server)
