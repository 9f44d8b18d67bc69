"""Each tenant is a provider of its own: what one gave out opens nothing at another."""

import base64
import json
import re
from typing import Any

import pytest
import requests

from tests.standalone.party import Party

NEIGHBOURS = [("acme", "beta"), ("acme", ""), ("", "acme")]


@pytest.fixture(params=NEIGHBOURS, ids=lambda pair: f"{pair[0]}-at-{pair[1]}")
def pair(request: pytest.FixtureRequest, ready: dict[str, Any]) -> tuple[str, str]:
    """An issuer, and another one at the same port; "" is the one at the root."""
    known = {"": ready["issuer"], **ready["tenants"]}
    one, other = request.param
    return known[one], known[other]


@pytest.fixture(autouse=True)
def as_at_first(ready: dict[str, Any]) -> None:
    """No test finds what another one left."""
    for issuer in (ready["issuer"], *ready["tenants"].values()):
        requests.post(f"{issuer}/control/reset", json={}, timeout=10)


@pytest.fixture
def acme(ready: dict[str, Any]) -> str:
    """The issuer of a tenant."""
    return str(ready["tenants"]["acme"])


def test_a_tenant_signs_users_in_below_its_path(acme: str, party: Party) -> None:
    answer = party.sign_in(acme)
    tokens = party.redeem(acme, answer["code"]).json()

    assert answer["iss"] == acme
    assert claims(tokens["id_token"])["iss"] == acme
    told = party.userinfo(acme, tokens["access_token"]).json()
    assert told["email"] == "alice@example.com"
    (cookie,) = party.browser.cookies
    assert (cookie.name, cookie.path) == ("oauthapp_provider.t.acme", "/t/acme")


def claims(jwt: str) -> dict[str, Any]:
    payload = jwt.split(".")[1]
    told: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=="))
    return told


def test_a_session_is_worth_nothing_at_another(
    pair: tuple[str, str], party: Party
) -> None:
    here, there = pair
    party.sign_in(here)

    assert "code" in party.answer(party.authorize(here))  # at once, as signed in
    assert "password" in party.authorize(there).text


def test_a_cookie_under_anothers_name_is_worth_nothing(
    pair: tuple[str, str], party: Party
) -> None:
    here, there = pair
    party.sign_in(here)
    (mine,) = party.browser.cookies
    party.authorize(there)
    theirs = next(one for one in party.browser.cookies if one.name != mine.name)
    theirs.value = mine.value

    assert "password" in party.authorize(there).text


def test_a_code_is_worth_nothing_at_another(
    pair: tuple[str, str], party: Party
) -> None:
    here, there = pair
    code = party.sign_in(here)["code"]

    assert party.redeem(there, code).json()["error"] == "invalid_grant"
    assert party.redeem(here, code).status_code == 200


def test_a_token_is_worth_nothing_at_another(
    pair: tuple[str, str], party: Party
) -> None:
    here, there = pair
    tokens = party.redeem(here, party.sign_in(here)["code"]).json()

    assert party.userinfo(there, tokens["access_token"]).status_code == 401
    assert party.userinfo(here, tokens["access_token"]).status_code == 200


def test_no_key_is_published_twice(ready: dict[str, Any], party: Party) -> None:
    issuers = [ready["issuer"], *ready["tenants"].values()]
    kids = [
        key["kid"]
        for issuer in issuers
        for key in party.get(f"{issuer}/jwks").json()["keys"]
    ]

    assert len(kids) == len(set(kids)) == 3


def test_orders_to_one_are_not_obeyed_by_another(
    ready: dict[str, Any], acme: str, party: Party
) -> None:
    issuers = [ready["issuer"], ready["tenants"]["beta"]]
    party.post(f"{acme}/control/users", json={"sub": "carol"})
    party.post(f"{acme}/control/faults", json={"name": "token_500"})
    party.post(f"{acme}/control/clock", json={"advance": 5000})
    party.get(f"{acme}/jwks")

    paths = party.get(f"{acme}/control/requests?path=/jwks").json()["requests"]
    assert [one["path"] for one in paths] == ["/jwks"]
    now = party.get(f"{acme}/control/clock").json()["now"]
    for issuer in issuers:
        users = party.get(f"{issuer}/control/users").json()["users"]
        assert [one["sub"] for one in users] == ["alice", "bob"]
        assert party.get(f"{issuer}/control/faults").json()["armed"] == []
        assert party.get(f"{issuer}/control/clock").json()["now"] < now - 4000
        seen = party.get(f"{issuer}/control/requests?path=/jwks").json()
        assert seen == {"requests": []}


def test_a_user_signs_out_below_the_path(acme: str, party: Party) -> None:
    party.sign_in(acme)
    page = party.get(f"{acme}/logout")
    party.send(page, {})

    assert "password" in party.authorize(acme).text


@pytest.mark.parametrize("path", ["/", "/faults", "/logout", "/nothing", "/login"])
def test_every_link_of_a_page_stays_below_the_path(
    acme: str, party: Party, path: str
) -> None:
    party.sign_in(acme)
    page = party.get(f"{acme}{path}", headers={"Accept": "text/html"}).text
    links = re.findall(r'(?:href|action|src)="([^"]*)"', page)

    assert links
    for link in links:
        assert link.startswith(("/t/acme/", "#", acme)), link


def test_metadata_are_found_where_rfc_8414_looks_for_them(
    ready: dict[str, Any], party: Party
) -> None:
    origin, acme = ready["issuer"], ready["tenants"]["acme"]
    inserted = f"{origin}/.well-known/oauth-authorization-server/t/acme"

    assert party.get(inserted).json()["issuer"] == acme
    assert party.get(f"{inserted}/").status_code == 404
    at_root = party.get(f"{origin}/.well-known/oauth-authorization-server").json()
    assert at_root["issuer"] == origin


@pytest.mark.parametrize("name", ["nobody", "acm", "acmee", "..", "%61cme/../acme"])
def test_there_is_nothing_at_another_name(
    ready: dict[str, Any], party: Party, name: str
) -> None:
    request = requests.Request("GET", f"{ready['issuer']}/t/x/jwks").prepare()
    request.url = f"{ready['issuer']}/t/{name}/jwks"

    assert party.browser.send(request, timeout=10).status_code == 404


def test_a_tenant_is_begun_and_ended_at_run_time(
    ready: dict[str, Any], party: Party
) -> None:
    tenants = f"{ready['control']}/tenants"
    users = [{"sub": "alice", "password": "own"}]
    told = party.post(tenants, json={"name": "late", "users": users})
    issuer = told.json()["issuer"]

    assert (told.status_code, issuer) == (201, f"{ready['issuer']}/t/late")
    assert told.json()["clients"][0]["client_id"] == "web"
    code = party.sign_in(issuer, "own")["code"]
    assert party.redeem(issuer, code).status_code == 200
    listed = party.get(tenants).json()["tenants"]
    assert [one["name"] for one in listed] == ["acme", "beta", "late"]
    left = party.browser.delete(f"{tenants}?name=late", timeout=10).json()["tenants"]
    assert [one["name"] for one in left] == ["acme", "beta"]
    assert party.get(f"{issuer}/jwks").status_code == 404


def test_a_tenant_that_is_begun_again_knows_nothing_of_before(
    ready: dict[str, Any], party: Party
) -> None:
    tenants = f"{ready['control']}/tenants"
    issuer = party.post(tenants, json={"name": "again"}).json()["issuer"]
    tokens = party.redeem(issuer, party.sign_in(issuer)["code"]).json()
    party.post(tenants, json={"name": "again"})

    assert party.userinfo(issuer, tokens["access_token"]).status_code == 401
    assert "password" in party.authorize(issuer).text
    party.browser.delete(f"{tenants}?name=again", timeout=10)


@pytest.mark.parametrize("name", ["", "a/b", "..", "A", "a" * 41, "-a"])
def test_a_name_that_cannot_stand_in_a_url_is_refused(
    ready: dict[str, Any], party: Party, name: str
) -> None:
    answer = party.post(f"{ready['control']}/tenants", json={"name": name})

    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "order_malformed"
    assert "becomes part of a URL" in answer.json()["error"]["arrived"]


def test_a_tenant_that_is_not_there_cannot_be_ended(
    ready: dict[str, Any], party: Party
) -> None:
    answer = party.browser.delete(f"{ready['control']}/tenants?name=x", timeout=10)

    assert answer.status_code == 404
    assert answer.json()["error"]["expected"] == "one of acme, beta"


def test_tenants_are_begun_at_the_root_only(
    ready: dict[str, Any], party: Party
) -> None:
    url = f"{ready['tenants']['acme']}/control/tenants"

    assert party.post(url, json={"name": "x"}).status_code == 404


def test_no_page_of_another_site_begins_one(
    ready: dict[str, Any], party: Party
) -> None:
    site = {"Sec-Fetch-Site": "cross-site"}
    url = f"{ready['control']}/tenants"

    assert party.post(url, json={"name": "x"}, headers=site).status_code == 403


def test_a_suite_may_fail_as_often_as_it_likes(acme: str, party: Party) -> None:
    """Every test of it calls from one address, in one minute."""
    answers = {
        party.browser.post(f"{acme}/token", data=form, timeout=10).status_code
        for form in [{"grant_type": "refresh_token", "client_id": "nobody"}] * 12
    }

    assert answers == {401}
