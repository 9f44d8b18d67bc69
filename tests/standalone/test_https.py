"""By https with a certificate of its own, which clients can be told to trust."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from oauthapp.standalone.serve import Place
from oauthapp.standalone.serve import running_alone
from tests.standalone.conftest import WANTED
from tests.standalone.party import Party


@pytest.fixture(params=["localhost", "127.0.0.1"])
def ready(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    place = Place(host=request.param, https=True, tenants=["acme"])
    with running_alone(WANTED, place) as line:
        yield line


@pytest.fixture
def party(ready: dict[str, Any]) -> Iterator[Party]:
    one = Party(verify=ready["ca_file"])
    yield one
    one.close()


def test_a_client_that_trusts_the_authority_signs_in(
    ready: dict[str, Any], party: Party
) -> None:
    for issuer in (ready["issuer"], ready["tenants"]["acme"]):
        assert issuer.startswith("https://")
        code = party.sign_in(issuer)["code"]
        assert party.redeem(issuer, code).status_code == 200
    cookies = {one.name: one for one in party.browser.cookies}

    assert all(one.secure for one in cookies.values())
    assert {name: one.path for name, one in cookies.items()} == {
        "__Host-oauthapp_provider": "/",
        "__Secure-oauthapp_provider.t.acme": "/t/acme",
    }


def test_nobody_else_believes_the_certificate(ready: dict[str, Any]) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"{ready['issuer']}/jwks", timeout=10)


def test_nobody_else_on_this_machine_can_read_the_key(ready: dict[str, Any]) -> None:
    folder = Path(ready["ca_file"]).parent

    assert folder.stat().st_mode & 0o077 == 0
    assert (folder / "key.pem").exists()


def test_it_binds_no_browser_to_https_on_this_machine(
    ready: dict[str, Any], party: Party
) -> None:
    answer = party.get(f"{ready['issuer']}/jwks")

    assert "Strict-Transport-Security" not in answer.headers


def test_programs_give_it_orders(ready: dict[str, Any], party: Party) -> None:
    answer = party.post(f"{ready['control']}/users", json={"sub": "carol"})

    assert answer.status_code == 201
