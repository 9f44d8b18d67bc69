"""A script in another language starts our provider, gives it orders and signs in."""

import pytest

from tests.interop.node_tools import running
from tests.standalone.process import COMMAND


@pytest.mark.usefixtures("node_packages")
def test_openid_client_signs_in_at_a_provider_that_its_own_test_started() -> None:
    command = [*COMMAND, "--port", "0", "--control", "--signing-alg", "ES256"]
    with running("standalone.mjs", {"command": command}) as told:
        assert told["claims"] == {"sub": "carol", "email": "c@d.example"}
        assert told["ready"]["ready"] is True
        assert (told["seen"], told["code"]) == (1, 0)
