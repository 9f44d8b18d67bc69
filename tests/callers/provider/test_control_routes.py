"""What a test in another language orders, and what it is told when it may not."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from typing import cast

import pytest
from flask import Flask
from flask.testing import FlaskClient

from oauthapp.app import create_provider
from oauthapp.clock import MovableClock
from oauthapp.clock import system_clock
from oauthapp.recorder.store import Recorder
from oauthapp.services import ProviderServices
from oauthapp.settings import Client
from oauthapp.settings import ProviderSettings
from oauthapp.settings.examples import example_users

ISSUER = "http://127.0.0.1:5001"
CALLBACK = "http://localhost:3000/callback"
AFTER_A_DAY = {"advance": 86400}


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def provider(tmp_path: Path, clock: MovableClock) -> Iterator[Flask]:
    settings = ProviderSettings(
        issuer=ISSUER,
        secret_key="k" * 32,
        database_url=f"sqlite:///{tmp_path}/provider.sqlite",
        users=example_users(),
        clients=[Client(client_id="web", client_secret="s", redirect_uris=[CALLBACK])],
        signing_alg="ES256",
        control=True,
    )
    app = create_provider(settings, Recorder(None, "key", clock), clock=clock)
    yield app
    services = cast(ProviderServices, app.extensions["oauthapp"])
    services.http.close()
    services.database.dispose()


@pytest.fixture
def client(provider: Flask) -> FlaskClient:
    provider.config["SERVER_NAME"] = "127.0.0.1:5001"
    return provider.test_client()


def issue(client: FlaskClient, **more: str) -> dict[str, Any]:
    order = {"client_id": "web", "sub": "alice", **more}
    answer = client.post("/control/tokens", json=order)
    assert answer.status_code == 200, answer.text
    return cast(dict[str, Any], answer.get_json())


def userinfo(client: FlaskClient, tokens: dict[str, Any]) -> int:
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    return client.get("/userinfo", headers=bearer).status_code


def error_in(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["error"]["code"]


def names(client: FlaskClient) -> list[str]:
    return [one["sub"] for one in client.get("/control/users").get_json()["users"]]


def test_somebody_added_can_sign_in_at_once(client: FlaskClient) -> None:
    carol = {"sub": "carol", "claims": {"email": "c@d.example"}}
    answer = client.post("/control/users", json=carol)

    assert (answer.status_code, answer.get_json()) == (
        201,
        {**carol, "password": "carol-password"},
    )
    assert names(client) == ["alice", "bob", "carol"]
    assert issue(client, sub="carol")["id_token"]


def test_a_user_added_again_is_another_one(client: FlaskClient) -> None:
    client.post("/control/users", json={"sub": "bob", "password": "new"})

    told = client.get("/control/users").get_json()["users"]
    assert told[1] == {"sub": "bob", "password": "new", "claims": {}}


def test_one_user_or_all_are_removed_with_their_sessions(client: FlaskClient) -> None:
    issue(client)
    left = client.delete("/control/users?sub=alice").get_json()["users"]
    still_open = client.post("/control/sessions/end", json={}).get_json()["ended"]
    nobody = client.delete("/control/users").get_json()["users"]

    assert [one["sub"] for one in left] == ["bob"]
    assert (still_open, nobody) == (0, [])


def test_a_client_is_registered_with_a_name_and_a_secret_of_its_own(
    client: FlaskClient,
) -> None:
    answer = client.post("/control/clients", json={"redirect_uris": [CALLBACK]})
    made = answer.get_json()

    assert answer.status_code == 201
    assert made["client_id"].startswith("client-") and len(made["client_secret"]) > 20
    told = client.get("/control/clients").get_json()["clients"]
    assert [one["client_id"] for one in told] == ["web", made["client_id"]]
    assert issue(client, client_id=made["client_id"])["id_token"]


def test_a_public_client_has_no_secret(client: FlaskClient) -> None:
    told = {"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "none"}
    made = client.post("/control/clients", json=told).get_json()

    assert made["client_secret"] == ""


def test_one_client_or_all_are_removed(client: FlaskClient) -> None:
    client.post("/control/clients", json={"redirect_uris": [CALLBACK]})

    one = client.delete("/control/clients?client_id=web").get_json()["clients"]
    none = client.delete("/control/clients").get_json()["clients"]
    assert (len(one), none) == (1, [])


def test_time_passes_at_once(client: FlaskClient) -> None:
    tokens = issue(client)
    before = userinfo(client, tokens)
    told = client.post("/control/clock", json=AFTER_A_DAY).get_json()

    assert told["now"] >= system_clock() + 86000
    assert (before, userinfo(client, tokens)) == (200, 401)


def test_what_was_asked_is_told_in_order_and_without_secrets(
    client: FlaskClient,
) -> None:
    client.get("/authorize?client_id=web&state=nobody-may-know")
    client.post("/token", data={"code": "nobody-may-know", "grant_type": "x"})
    told = client.get("/control/requests")
    paths = [(one["method"], one["path"]) for one in told.get_json()["requests"]]

    assert paths == [("GET", "/authorize"), ("POST", "/token")]
    assert "nobody-may-know" not in told.text
    (token,) = client.get("/control/requests?path=/token").get_json()["requests"]
    assert (token["status"], token["verdict"]) == (400, "refused")
    assert token["parameters"]["grant_type"] == "x"
    assert client.get("/control/requests?method=PUT").get_json()["requests"] == []


def test_what_was_asked_can_be_forgotten(client: FlaskClient) -> None:
    client.get("/jwks")

    assert client.delete("/control/requests").get_json() == {"requests": []}


def test_another_key_signs_and_the_one_before_stays_published(
    client: FlaskClient,
) -> None:
    (before,) = client.get("/jwks").get_json()["keys"]
    kid = client.post("/control/keys/rotate", json={}).get_json()["kid"]

    published = [one["kid"] for one in client.get("/jwks").get_json()["keys"]]
    assert sorted(published) == sorted([kid, before["kid"]])


def test_one_user_or_all_are_signed_out(client: FlaskClient) -> None:
    for sub in ("alice", "alice", "bob"):
        issue(client, sub=sub)

    end = "/control/sessions/end"
    assert client.post(end, json={"sub": "alice"}).get_json() == {"ended": 2}
    assert client.post(end, json={}).get_json() == {"ended": 1}


def test_tokens_are_issued_for_what_the_client_may_ask_for(client: FlaskClient) -> None:
    tokens = issue(client, scope="openid email")

    assert tokens["scope"] == "openid email"
    assert userinfo(client, tokens) == 200
    order = {"client_id": "web", "sub": "alice", "scope": "openid admin"}
    refused = client.post("/control/tokens", json=order)
    assert error_in(refused) == (400, "order_malformed")
    assert refused.get_json()["error"]["arrived"] == "scope: admin"


def test_reset_leaves_what_was_there_at_first(client: FlaskClient) -> None:
    tokens = issue(client)
    keys = client.get("/jwks").get_json()
    client.post("/control/users", json={"sub": "carol"})
    client.delete("/control/clients")
    client.post("/control/faults", json={"name": "token_500"})
    endpoint = {"url": "http://localhost:3000/hooks", "events": ["session.created"]}
    client.post("/control/endpoints", json=endpoint)
    client.post("/control/clock", json={"advance": 100})
    answer = client.post("/control/reset", json={})

    assert answer.status_code == 204
    assert client.get("/control/requests").get_json() == {"requests": []}
    assert names(client) == ["alice", "bob"]
    assert len(client.get("/control/clients").get_json()["clients"]) == 1
    assert client.get("/control/faults").get_json()["armed"] == []
    assert client.get("/control/endpoints").get_json() == {"endpoints": []}
    assert client.get("/control/clock").get_json()["now"] <= system_clock() + 1
    assert userinfo(client, tokens) == 401
    assert client.get("/jwks").get_json() == keys


def test_an_endpoint_is_added_with_a_secret_of_its_own(client: FlaskClient) -> None:
    url = "http://localhost:3000/hooks"
    answer = client.post("/control/endpoints", json={"url": url, "events": ["push"]})
    told = client.get("/control/endpoints").get_json()["endpoints"]

    assert answer.status_code == 201
    assert answer.get_json()["secret"].startswith("whsec_")
    assert [one["url"] for one in told] == [url]


@pytest.mark.parametrize(
    ("path", "order", "problem"),
    [
        ("users", {}, "missing required field `sub`"),
        ("users", {"sub": ""}, "sub: write 1 to 255 printable ASCII characters"),
        ("users", {"sub": "a\0"}, "sub: write 1 to 255 printable ASCII characters"),
        ("users", {"sub": "x", "claims": {"sub": "y"}}, "claims: leave out `sub`"),
        ("users", {"name": "x"}, "unknown field `name`"),
        ("clients", {"redirect_uris": ["x"]}, "redirect_uris: 'x' must begin with"),
        ("clients", {"redirect_uri": CALLBACK}, "unknown field `redirect_uri`"),
        ("clients", {}, "redirect_uris: write at least one URL"),
        ("clock", {"advance": -1}, "Expected `float` >= 0"),
        ("clock", {"advance": 1e12}, "Expected `float` <="),
        ("clock", {}, "missing required field `advance`"),
        ("endpoints", {"url": "x", "events": []}, "url: 'x' must begin with"),
        ("keys/rotate", {"kid": "x"}, "unknown field `kid`"),
        ("reset", {"all": True}, "unknown field `all`"),
    ],
)
def test_what_cannot_be_done_is_told_with_what_could(
    client: FlaskClient, path: str, order: dict[str, Any], problem: str
) -> None:
    answer = client.post(f"/control/{path}", json=order)

    assert error_in(answer) == (400, "order_malformed")
    assert problem in answer.get_json()["error"]["arrived"]
    assert answer.get_json()["error"]["expected"].startswith("{")


def test_a_user_and_a_client_of_its_own_tokens_are_never_called_the_same(
    client: FlaskClient,
) -> None:
    machine = {
        "client_id": "alice",
        "grant_types": ["client_credentials"],
        "scope": "read",
    }
    answer = client.post("/control/clients", json=machine)

    assert "is a user, too" in answer.get_json()["error"]["arrived"]
    assert len(client.get("/control/clients").get_json()["clients"]) == 1


@pytest.mark.parametrize(
    ("method", "path", "order", "code"),
    [
        ("DELETE", "users?sub=carol", None, "order_user_unknown"),
        ("DELETE", "clients?client_id=x", None, "order_client_unknown"),
        ("POST", "sessions/end", {"sub": "carol"}, "order_user_unknown"),
        ("POST", "tokens", {"client_id": "web", "sub": "carol"}, "order_user_unknown"),
        ("POST", "tokens", {"client_id": "x", "sub": "bob"}, "order_client_unknown"),
    ],
)
def test_who_is_not_there_is_told_who_is(
    client: FlaskClient, method: str, path: str, order: Any, code: str
) -> None:
    answer = client.open(f"/control/{path}", method=method, json=order)

    assert error_in(answer) == (404, code)
    expected = "alice, bob" if code == "order_user_unknown" else "web"
    assert expected in answer.get_json()["error"]["expected"]


@pytest.mark.parametrize("clock", [system_clock])
def test_the_machine_s_own_clock_is_not_moved(client: FlaskClient) -> None:
    answer = client.post("/control/clock", json=AFTER_A_DAY)

    assert error_in(answer) == (409, "order_clock_fixed")


GET = ["users", "clients", "clock", "requests"]
POST = [
    *("users", "clients", "clock", "keys/rotate", "sessions/end", "tokens", "reset"),
    "endpoints",
]
ROUTES = [*(("GET", path) for path in GET), *(("POST", path) for path in POST)]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_no_page_of_another_site_gives_orders(
    client: FlaskClient, method: str, path: str
) -> None:
    site = {"Sec-Fetch-Site": "cross-site"}
    answer = client.open(f"/control/{path}", method=method, json={}, headers=site)
    name = {"Host": "evil.example:5001"}
    elsewhere = client.open(f"/control/{path}", method=method, json={}, headers=name)

    assert error_in(answer) == (403, "order_cross_site")
    assert error_in(elsewhere) == (403, "order_host")


@pytest.mark.parametrize("path", POST)
def test_an_order_that_any_form_could_send_is_refused(
    client: FlaskClient, path: str
) -> None:
    answer = client.post(f"/control/{path}", data="{}", content_type="text/plain")

    assert error_in(answer) == (415, "order_not_json")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_without_control_there_are_no_orders(tmp_path: Path, method: str) -> None:
    settings = ProviderSettings(
        issuer=ISSUER,
        secret_key="k" * 32,
        database_url=f"sqlite:///{tmp_path}/provider.sqlite",
    )
    app = create_provider(settings, Recorder(None, "key", system_clock))
    answer = app.test_client().open("/control/users", method=method, json={})
    services = cast(ProviderServices, app.extensions["oauthapp"])
    services.http.close()
    services.database.dispose()

    assert answer.status_code == 404
