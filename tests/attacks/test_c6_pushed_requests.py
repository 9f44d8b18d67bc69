"""RULES C.6 at the provider: pushed authorization requests (RFC 9126)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from sqlalchemy import select

from oauthapp.database import reading
from oauthapp.schema.provider import pushed_requests
from tests.attacks.house import Clock
from tests.attacks.provider_house import CLIENTS
from tests.attacks.provider_house import REDIRECT_URI
from tests.attacks.provider_house import Provider
from tests.attacks.provider_house import answered
from tests.attacks.provider_house import longest_state
from tests.attacks.provider_house import opened
from tests.attacks.provider_house import question


def push(provider: Provider, **changes: str | None) -> Any:
    return provider.post("/par", **question(**changes))


def by_reference(provider: Provider, request_uri: str, **more: str) -> Any:
    query = {"client_id": "web", "request_uri": request_uri, **more}
    browser = provider.browser()
    return browser.follow(browser.client.get("/authorize", query_string=query))


def code_of(answer: Any) -> str:
    code: str = answer.get_json()["error"]["code"]
    return code


def test_C6_a_pushed_request_signs_in(provider: Provider) -> None:
    pushed = push(provider)
    told = pushed.get_json()

    assert pushed.status_code == 201
    assert pushed.headers["Cache-Control"] == "no-store"
    assert told["request_uri"].startswith("urn:ietf:params:oauth:request_uri:")
    assert told["expires_in"] == 60
    browser = provider.browser()
    reference = {"client_id": "web", "request_uri": told["request_uri"]}
    browser.follow(browser.client.get("/authorize", query_string=reference))
    browser.log_in()
    said = answered(browser.submit(decision="allow"))
    assert said["state"] == "the state"
    assert provider.redeem(said["code"]).status_code == 200


def test_C6_what_the_browser_adds_counts_for_nothing(provider: Provider) -> None:
    request_uri = push(provider, prompt="none").get_json()["request_uri"]
    more = {"prompt": "login", "state": "forged", "redirect_uri": "http://evil.example"}
    said = answered(by_reference(provider, request_uri, **more))

    assert (said["error"], said["state"]) == ("login_required", "the state")


@pytest.mark.parametrize("twice", ["client_id", "request_uri", "state"])
def test_C6_a_parameter_beside_the_reference_comes_once(
    provider: Provider, twice: str
) -> None:
    reference = {"client_id": "web", "state": "x"}
    reference["request_uri"] = push(provider).get_json()["request_uri"]
    query = [*reference.items(), (twice, "another")]
    answer = provider.machine().get("/authorize", query_string=urlencode(query))

    assert (answer.status_code, code_of(answer)) == (400, "parameter_repeated")
    assert by_reference(provider, reference["request_uri"]).status_code == 200


def test_C6_a_reference_is_used_once(provider: Provider) -> None:
    request_uri = push(provider).get_json()["request_uri"]

    assert by_reference(provider, request_uri).request.path == "/login"
    again = by_reference(provider, request_uri)
    assert (again.status_code, code_of(again)) == (400, "invalid_request_uri")


def test_C6_a_look_at_it_uses_nothing_up(provider: Provider) -> None:
    reference = {"client_id": "web"}
    reference["request_uri"] = push(provider).get_json()["request_uri"]
    machine = provider.machine()
    machine.head("/authorize", query_string=reference)
    machine.post("/authorize", data=reference)  # from another site, without a cookie

    answer = by_reference(provider, reference["request_uri"])
    assert answer.request.path == "/login"


@pytest.mark.parametrize(("age", "good"), [(59.9, True), (60, False)])
def test_C6_a_reference_is_soon_worth_nothing(
    provider: Provider, clock: Clock, age: float, good: bool
) -> None:
    request_uri = push(provider).get_json()["request_uri"]
    clock.now += age

    assert (by_reference(provider, request_uri).status_code == 200) is good


def test_C6_a_reference_is_its_clients_alone(provider: Provider) -> None:
    request_uri = push(provider).get_json()["request_uri"]
    answer = by_reference(provider, request_uri, client_id="post")

    assert (answer.status_code, code_of(answer)) == (400, "invalid_request_uri")
    assert by_reference(provider, request_uri).status_code == 200


@pytest.mark.parametrize(
    "request_uri",
    [
        "urn:ietf:params:oauth:request_uri:",
        "urn:ietf:params:oauth:request_uri:x",
        "urn:ietf:params:oauth:request_uri:é",
    ],
)
def test_C6_an_unknown_reference_is_answered_by_a_page(
    provider: Provider, request_uri: str
) -> None:
    answer = by_reference(provider, request_uri, redirect_uri=REDIRECT_URI)

    assert (answer.status_code, code_of(answer)) == (400, "invalid_request_uri")
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"redirect_uri": REDIRECT_URI + "/"}, "invalid_request"),
        ({"redirect_uri": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "admin"}, "invalid_scope"),
        ({"request": "x"}, "request_not_supported"),
        ({"request_uri": "urn:x"}, "request_uri_not_supported"),
        ({"client_id": "post"}, "invalid_request"),
    ],
    ids=str,
)
def test_C6_what_is_wrong_is_said_at_once(
    provider: Provider, changes: dict[str, str | None], error: str
) -> None:
    answer = push(provider, **changes)

    assert (answer.status_code, answer.get_json()["error"]) == (400, error)


@pytest.mark.parametrize("more", [0, 1])
def test_C6_more_than_can_be_read_again_is_not_pushed(
    provider: Provider, more: int
) -> None:
    answer = push(provider, state="x" * (longest_state() + more))
    told = answer.get_json()

    assert (answer.status_code, told.get("error")) == [
        (201, None),
        (413, "invalid_request"),
    ][more]
    if answer.status_code == 201:
        page = by_reference(provider, told["request_uri"])
        assert page.request.path == "/login"


def test_C6_who_pushes_has_to_prove_who_it_is(provider: Provider) -> None:
    answer = provider.machine().post("/par", data=question())
    twice = provider.machine().post("/par", data={"client_id": "native", "x": [1, 2]})

    assert (answer.status_code, answer.get_json()["error"]) == (401, "invalid_client")
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="par"'
    assert twice.get_json()["error"] == "invalid_request"
    assert provider.machine().get("/par").status_code == 405


@pytest.fixture
def pushing(tmp_path: Path, clock: Clock) -> Iterator[Provider]:
    must = {"require_pushed_authorization_requests": True}
    clients = [msgspec.structs.replace(one, **must) for one in CLIENTS]
    yield from opened(tmp_path, clock, clients=clients)


def test_C6_who_registered_to_push_is_not_heard_otherwise(pushing: Provider) -> None:
    said = answered(pushing.browser().authorize())

    assert said["error"] == "invalid_request"
    request_uri = push(pushing).get_json()["request_uri"]
    assert by_reference(pushing, request_uri).request.path == "/login"


def test_C6_neither_the_secret_nor_the_reference_is_kept(provider: Provider) -> None:
    form = {**question(), "client_id": "post", "client_secret": "p%st +:ü"}
    form["redirect_uri"] = "https://other.example/cb"
    pushed = provider.machine().post("/par", data=form).get_json()
    with reading(provider.services.database) as connection:
        kept = str(connection.execute(select(pushed_requests)).one())

    assert "post" in kept
    for secret in ("client_secret", "p%st", question()["state"], pushed["request_uri"]):
        assert secret not in kept
