"""What Authlib's server is told of a request."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attacks.house import Clock
from tests.attacks.provider_house import Provider
from tests.attacks.provider_house import basic
from tests.attacks.provider_house import opened


@pytest.fixture
def behind_tls(tmp_path: Path, clock: Clock) -> Iterator[Provider]:
    """Reached by https, though the proxy speaks http to it."""
    yield from opened(tmp_path, clock, issuer="https://op.example")


@pytest.mark.parametrize("host", ["op.example", "10.0.0.7:5001"])
def test_behind_a_proxy_that_ends_tls_clients_get_their_tokens(
    behind_tls: Provider, host: str
) -> None:
    headers = {**basic("api", "api-s3cret"), "Host": host}
    form = {"grant_type": "client_credentials"}
    answer = behind_tls.machine().post("/token", data=form, headers=headers)

    assert answer.status_code == 200, answer.text
