"""New databases of the kind that a fixture's parameter names."""

from pathlib import Path

import pytest

from tests.postgresql import new_databases


def url_of(request: pytest.FixtureRequest, folder: Path, name: str) -> str:
    """The URL of an empty one: in `folder`, or on the server of this run."""
    if request.param == "sqlite":
        return f"sqlite:///{folder}/{name}.sqlite"
    server = request.getfixturevalue("postgresql")
    new_databases(server, name)
    return f"{server}/{name}"
