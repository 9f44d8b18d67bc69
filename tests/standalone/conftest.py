"""One standalone provider in this process, and who comes to it."""

from collections.abc import Iterator
from typing import Any

import pytest

from oauthapp.settings import Client
from oauthapp.settings.examples import example_users
from oauthapp.standalone.serve import Place
from oauthapp.standalone.serve import running_alone
from oauthapp.standalone.wanted import Wanted
from tests.standalone.party import CALLBACK
from tests.standalone.party import CLIENT
from tests.standalone.party import Party

WANTED = Wanted(
    users=example_users(),
    clients=[
        Client(client_id=CLIENT[0], client_secret=CLIENT[1], redirect_uris=[CALLBACK])
    ],
    signing_alg="ES256",
    control=True,
)


@pytest.fixture(scope="session")
def ready() -> Iterator[dict[str, Any]]:
    """A provider with the tenants acme and beta."""
    with running_alone(WANTED, Place(tenants=["acme", "beta"])) as line:
        yield line


@pytest.fixture
def party() -> Iterator[Party]:
    one = Party()
    yield one
    one.close()
