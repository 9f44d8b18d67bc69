"""Who may give orders, which ones are understood, and what a wrong one is told."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from oauthapp.control.taking import take
from oauthapp.faults import FAULTS
from oauthapp.recorder.call import Call
from oauthapp.services import ProviderServices
from tests.control.conftest import APP
from tests.control.conftest import client_of

ORDERS = "/control/faults"
PROVIDERS = sorted(name for name, one in FAULTS.items() if one.party == "provider")
APPS = sorted(name for name, one in FAULTS.items() if one.party == "app")
PLAYED = sorted(name for name, one in FAULTS.items() if one.party is None)


def error_in(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["error"]["code"]


def test_an_armed_fault_is_listed_and_taken(
    client: FlaskClient, services: ProviderServices
) -> None:
    order = {"name": PROVIDERS[0], "times": 2, "for": "client"}

    answer = client.post(ORDERS, json=order)

    assert answer.status_code == 200
    assert client.get(ORDERS).get_json()["armed"] == [order]
    assert take(services, PROVIDERS[0], target="client")


def test_the_name_alone_is_an_order(client: FlaskClient) -> None:
    answer = client.post(ORDERS, json={"name": PROVIDERS[0]})

    assert answer.get_json()["armed"] == [{"name": PROVIDERS[0], "times": 1, "for": ""}]


def test_one_fault_or_all_are_disarmed(client: FlaskClient) -> None:
    for name in PROVIDERS[:3]:
        client.post(ORDERS, json={"name": name})

    left = client.delete(f"{ORDERS}?name={PROVIDERS[1]}").get_json()["armed"]
    assert [one["name"] for one in left] == [PROVIDERS[0], PROVIDERS[2]]
    assert client.delete(ORDERS).get_json()["armed"] == []


def test_each_party_lists_its_own_faults_with_their_rules(
    client: FlaskClient, app: Flask
) -> None:
    here = client.get(ORDERS).get_json()["faults"]
    there = client_of(app, APP).get(ORDERS).get_json()["faults"]

    assert sorted(one["name"] for one in here) == PROVIDERS
    assert sorted(one["name"] for one in there) == APPS
    assert all(one["rule"] for one in here + there)


@pytest.mark.parametrize("name", ["token_5oo", "", *PLAYED[:1], *APPS[:1]])
def test_an_unknown_fault_is_told_which_there_are(
    client: FlaskClient, name: str
) -> None:
    answer = client.post(ORDERS, json={"name": name})

    assert error_in(answer) == (404, "fault_unknown")
    assert PROVIDERS[0] in answer.get_json()["error"]["expected"]


def test_what_anybody_meets_is_not_armed_for_one(
    client: FlaskClient, services: ProviderServices
) -> None:
    """It would never happen, and whoever waits for it would believe all is well."""
    anybodys = [name for name in PROVIDERS if not FAULTS[name].for_one]
    assert {"discovery_500", "jwks_late", "poll_500"} <= set(anybodys)

    for name in anybodys:
        for_one = client.post(ORDERS, json={"name": name, "for": "client"})
        for_any = client.post(ORDERS, json={"name": name})

        assert error_in(for_one) == (400, "fault_for_nobody")
        assert for_any.status_code == 200
        assert take(services, name)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"token_500"',
        b"{}",
        b'{"name": 1}',
        b'{"name": "x", "times": 0}',
        b'{"name": "x", "times": 1001}',
        b'{"name": "x", "times": "1"}',
        b'{"name": "x", "often": 1}',
        b'{"name": "\xff"}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_order_is_refused(client: FlaskClient, body: bytes) -> None:
    answer = client.post(ORDERS, data=body, content_type="application/json")

    assert error_in(answer) == (400, "order_malformed")


@pytest.mark.parametrize(
    "media_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"],
)
def test_an_order_that_any_page_could_send_is_refused(
    client: FlaskClient, media_type: str
) -> None:
    order = b'{"name": "x"}'

    answer = client.post(ORDERS, data=order, content_type=media_type)

    assert error_in(answer) == (415, "order_not_json")


METHODS = ["GET", "POST", "DELETE"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "host", ["evil.example", "localhost:5001", "127.0.0.1", "127.0.0.1:5000"]
)
def test_another_host_name_is_refused(
    client: FlaskClient, method: str, host: str
) -> None:
    answer = client.open(
        ORDERS, method=method, headers={"Host": host}, json={"name": PROVIDERS[0]}
    )

    assert error_in(answer) == (403, "order_host")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
        ("Origin", "https://evil.example"),
        ("Origin", "http://127.0.0.1:5000"),
        ("Origin", "null"),
        ("Origin", ""),
    ],
)
def test_a_page_of_another_origin_is_refused(
    client: FlaskClient, method: str, name: str, value: str
) -> None:
    answer = client.open(
        ORDERS, method=method, headers={name: value}, json={"name": PROVIDERS[0]}
    )

    assert error_in(answer) == (403, "order_cross_site")
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:5001"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://127.0.0.1:5001"},
        {},
    ],
)
def test_a_program_and_a_page_of_our_own_may_give_orders(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    answer = client.post(ORDERS, headers=headers, json={"name": PROVIDERS[0]})

    assert answer.status_code == 200


def test_no_other_origin_gets_permission_to_ask(client: FlaskClient) -> None:
    asks = {"Access-Control-Request-Method": "POST"}

    answer = client.options(ORDERS, headers=asks)

    assert not [name for name in answer.headers.keys() if name.startswith("Access-")]


def test_orders_are_no_calls_between_the_parties(
    client: FlaskClient, calls: list[Call]
) -> None:
    client.post(ORDERS, json={"name": PROVIDERS[0]})
    client.get(ORDERS)

    assert calls == []


@pytest.mark.parametrize("control", [False])
def test_where_control_is_off_there_is_nothing_to_ask(client: FlaskClient) -> None:
    assert client.get(ORDERS).status_code == 404
    assert client.post(ORDERS, json={"name": PROVIDERS[0]}).status_code == 404
