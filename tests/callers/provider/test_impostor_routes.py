"""The key that a token brings along: there to be fetched, and not ours."""

import pytest
from flask.testing import FlaskClient

from tests.control.conftest import calls
from tests.control.conftest import client
from tests.control.conftest import control
from tests.control.conftest import provider
from tests.control.conftest import recorder

__all__ = ["calls", "client", "control", "provider", "recorder"]

WHERE = "/impostor/jwks.json"


def test_it_is_not_ours_and_only_its_public_half(client: FlaskClient) -> None:
    theirs = client.get(WHERE).get_json()["keys"]
    ours = client.get("/jwks").get_json()["keys"]

    assert theirs[0]["kid"] == ours[0]["kid"]
    assert theirs[0]["n"] != ours[0]["n"]
    assert "d" not in theirs[0]


@pytest.mark.parametrize("control", [False])
def test_who_makes_no_such_tokens_has_no_such_key(client: FlaskClient) -> None:
    assert client.get(WHERE).status_code == 404
