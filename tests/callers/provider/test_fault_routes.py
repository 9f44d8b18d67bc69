"""The provider's page of faults: who sees it, and what its buttons do."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from oauthapp.control.taking import take
from oauthapp.faults import FAULTS
from oauthapp.services import ProviderServices
from tests.control.conftest import calls
from tests.control.conftest import client
from tests.control.conftest import control
from tests.control.conftest import provider
from tests.control.conftest import recorder
from tests.control.conftest import services

__all__ = ["calls", "client", "control", "provider", "recorder", "services"]


def page(client: FlaskClient) -> str:
    return client.get("/faults", headers={"Accept": "text/html"}).text


def send(client: FlaskClient, **fields: str) -> int:
    token = re.search(r'name="csrf_token" value="([^"]+)"', page(client))
    assert token is not None
    data = {"csrf_token": token[1], **fields}
    return client.post("/faults", data=data).status_code


def test_it_shows_each_fault_of_the_provider_with_its_rule(
    client: FlaskClient,
) -> None:
    shown = page(client)

    for fault in FAULTS.values():
        assert (f'id="{fault.name}"' in shown) == (fault.party == "provider")
    assert "RFC 9207 §2.4" in shown
    assert "Nothing is armed" in shown


def test_a_button_arms_a_fault_once(
    client: FlaskClient, services: ProviderServices
) -> None:
    assert send(client, name="token_500") == 303

    assert "Arm again" in page(client)
    assert take(services, "token_500")
    assert not take(services, "token_500")


def test_a_button_disarms_all(client: FlaskClient, services: ProviderServices) -> None:
    send(client, name="token_500")

    assert send(client) == 303
    assert not take(services, "token_500")


def test_no_other_fault_can_be_armed(client: FlaskClient) -> None:
    assert send(client, name="state_altered") == 404


def test_a_form_of_another_page_arms_nothing(
    client: FlaskClient, services: ProviderServices
) -> None:
    assert client.post("/faults", data={"name": "token_500"}).status_code == 400
    assert not take(services, "token_500")


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_nobody_from_elsewhere_sees_it(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    assert client.get("/faults", headers=headers).status_code == 403


@pytest.mark.parametrize("control", [False])
def test_it_is_not_there_where_control_is_off(
    client: FlaskClient, provider: Flask
) -> None:
    assert client.get("/faults").status_code == 404
    assert "/faults" not in client.get("/", headers={"Accept": "text/html"}).text
