"""What tests of several rooms need."""

import os
from collections.abc import Iterator

import pytest

from tests.postgresql import postgresql_binaries
from tests.postgresql import running_postgresql


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL of our own, as URL without database."""
    binaries = postgresql_binaries()
    if binaries is None:
        problem = "no PostgreSQL on this machine; on Debian: apt-get install postgresql"
        if os.environ.get("CI"):
            pytest.fail(problem)
        pytest.skip(problem)
    with running_postgresql(binaries) as url:
        yield url
