"""What tests of several rooms need."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings
from sqlalchemy import Engine
from sqlalchemy import MetaData

from oauthapp.database import open_database
from tests.databases import url_of
from tests.postgresql import Server
from tests.postgresql import postgresql_binaries
from tests.postgresql import stoppable_postgresql
from tests.quick import keep_bytecode
from tests.quick import keep_what_is_there
from tests.quick import share_url_builders
from tests.quick import write_to_memory


def pytest_configure(config: pytest.Config) -> None:
    write_to_memory()
    keep_bytecode(config)
    share_url_builders()
    if config.getoption("dist", "no") == "load":
        config.option.dist = "worksteal"  # neighbours share a browser, a database
    # How long an example takes says something of the machine, not of what is tested.
    settings.register_profile(
        "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("any machine")


def pytest_collection_finish() -> None:
    keep_what_is_there()


@pytest.fixture(scope="session")
def postgresql(postgresql_server: Server) -> str:
    """A PostgreSQL of our own, as URL without database."""
    return postgresql_server.url


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """The same; whoever stops it starts it again."""
    binaries = postgresql_binaries()
    if binaries is None:
        problem = "no PostgreSQL on this machine; on Debian: apt-get install postgresql"
        if os.environ.get("CI"):
            pytest.fail(problem)
        pytest.skip(problem)
    with stoppable_postgresql(binaries) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def either(
    request: pytest.FixtureRequest, tmp_path: Path, tables: MetaData
) -> Iterator[Engine]:
    """A room's `tables` on one database and on the other."""
    url = url_of(request, tmp_path, f"either_{secrets.token_hex(4)}")
    engine = open_database(url, tables)
    yield engine
    engine.dispose()
