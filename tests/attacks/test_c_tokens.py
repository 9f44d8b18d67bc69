"""RULES C at the provider: codes, tokens, and who may have them."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from sqlalchemy import select

from oauthapp.database import reading
from oauthapp.schema.sender import events
from tests.attacks.house import NOW
from tests.attacks.house import Clock
from tests.attacks.provider_house import ISSUER
from tests.attacks.provider_house import REDIRECT_URI
from tests.attacks.provider_house import VERIFIER
from tests.attacks.provider_house import Provider
from tests.attacks.provider_house import answered
from tests.attacks.provider_house import basic
from tests.attacks.provider_house import opened
from tests.attacks.provider_house import question


def error(answer: Any) -> tuple[int, str]:
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.status_code, answer.get_json()["error"]


def test_C1_a_code_lives_as_long_as_the_setting_says(
    provider: Provider, clock: Clock
) -> None:
    early, late = provider.code(), provider.code()
    clock.now += 59.9
    assert provider.redeem(early).status_code == 200
    clock.now += 0.1
    assert error(provider.redeem(late)) == (400, "invalid_grant")


def test_C1_of_eight_parallel_exchanges_one_succeeds(provider: Provider) -> None:
    code = provider.code()
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: provider.redeem(code).status_code, range(8)))

    assert sorted(statuses) == [200] + [400] * 7


@pytest.mark.parametrize(
    "changes",
    [
        {"code": "unknown"},
        {"redirect_uri": REDIRECT_URI + "/"},
        {"redirect_uri": "http://localhost:5000/callback/two?x=1"},
        {"redirect_uri": None},
        {"redirect_uri": ""},
        {"code_verifier": None},
        {"code_verifier": ""},
        {"code_verifier": "w" * 43},
        {"code_verifier": "v" * 42},
        {"code_verifier": "v" * 44},
        {"code_verifier": "v" * 129},
        {"code_verifier": VERIFIER + "\n"},
        {"code_verifier": VERIFIER + "é"},
    ],
    ids=str,
)
def test_C2_a_code_is_bound_to_its_redirect_uri_and_verifier(
    provider: Provider, changes: dict[str, str | None]
) -> None:
    code = provider.code()
    refused = provider.redeem(**{"code": code, **changes})  # type: ignore[arg-type]

    assert error(refused) == (400, "invalid_grant")
    assert provider.redeem(code).status_code == 200  # an attacker spoils nothing


def test_C2_another_clients_code_is_refused(provider: Provider) -> None:
    form = {
        "grant_type": "authorization_code",
        "code": provider.code(),
        "redirect_uri": REDIRECT_URI,
        "code_verifier": VERIFIER,
        "client_id": "post",
        "client_secret": "p%st +:ü",
    }
    answer = provider.machine().post("/token", data=form)

    assert error(answer) == (400, "invalid_grant")


def test_C3_a_replay_revokes_the_tokens_that_came_of_the_code(
    provider: Provider,
) -> None:
    code = provider.code()
    access_token = provider.redeem(code).get_json()["access_token"]
    assert provider.userinfo(access_token).status_code == 200

    assert error(provider.redeem(code)) == (400, "invalid_grant")
    assert provider.userinfo(access_token).status_code == 401


def test_C3_a_replay_is_seen_also_after_the_code_has_expired(
    provider: Provider, clock: Clock
) -> None:
    code = provider.code()
    access_token = provider.redeem(code).get_json()["access_token"]
    clock.now += 3599
    provider.redeem(provider.code())  # which forgets what has expired

    provider.redeem(code)
    assert provider.userinfo(access_token).status_code == 401


@pytest.mark.parametrize(
    "changes", [{"code_verifier": "w" * 43}, {"redirect_uri": REDIRECT_URI + "x"}]
)
def test_C3_a_replay_that_is_wrong_in_another_way_revokes_nothing(
    provider: Provider, changes: dict[str, str | None]
) -> None:
    code = provider.code()
    access_token = provider.redeem(code).get_json()["access_token"]

    provider.redeem(**{"code": code, **changes})  # type: ignore[arg-type]
    assert provider.userinfo(access_token).status_code == 200


def form(provider: Provider, **changes: str) -> dict[str, str]:
    return {
        "grant_type": "authorization_code",
        "code": provider.code(),
        "redirect_uri": REDIRECT_URI,
        "code_verifier": VERIFIER,
        **changes,
    }


@pytest.mark.parametrize(
    ("headers", "more", "expected"),
    [
        ({}, {}, (401, "invalid_client")),
        ({}, {"client_id": "web"}, (401, "invalid_client")),
        (basic("web", "wrong"), {}, (401, "invalid_client")),
        (basic("web", ""), {}, (401, "invalid_client")),
        (basic("nobody", "s3cret"), {}, (401, "invalid_client")),
        ({"Authorization": "Basic !"}, {}, (401, "invalid_client")),
        ({"Authorization": "Bearer x"}, {}, (401, "invalid_client")),
        (
            {},
            {"client_id": "web", "client_secret": "s3cret"},
            (401, "invalid_client"),  # not the method it registered
        ),
        (
            basic("web", "s3cret"),
            {"client_id": "web", "client_secret": "s3cret"},
            (400, "invalid_request"),
        ),
        (basic("web", "s3cret"), {"client_id": "post"}, (400, "invalid_request")),
    ],
    ids=str,
)
def test_C4_a_client_authenticates_in_its_one_way(
    provider: Provider,
    headers: dict[str, str],
    more: dict[str, str],
    expected: tuple[int, str],
) -> None:
    answer = provider.machine().post(
        "/token", data=form(provider, **more), headers=headers
    )

    assert error(answer) == expected
    challenged = "WWW-Authenticate" in answer.headers
    assert challenged is (expected[0] == 401)


def test_C4_a_secret_with_special_characters_works_in_both_ways(
    provider: Provider, tmp_path: Path, clock: Clock
) -> None:
    uri = "https://other.example/cb"
    asked = {"client_id": "post", "redirect_uri": uri}
    sent = {"client_id": "post", "client_secret": "p%st +:ü", "redirect_uri": uri}
    data = {**form(provider), "code": provider.code(**asked), **sent}
    assert provider.machine().post("/token", data=data).status_code == 200

    uri = "http://127.0.0.1:9000/cb"
    code = provider.code(client_id="odd:id", redirect_uri=uri)
    answer = provider.machine().post(
        "/token",
        data={**form(provider), "code": code, "redirect_uri": uri},
        headers=basic(quote_plus("odd:id"), quote_plus("p%st +:ü")),
    )
    assert answer.status_code == 200


def test_C4_only_the_form_counts(provider: Provider) -> None:
    client, headers = provider.machine(), basic("web", "s3cret")
    data = form(provider)

    assert client.get("/token", query_string=data, headers=headers).status_code == 405
    in_query = client.post("/token", query_string=data, headers=headers)
    assert error(in_query) == (400, "invalid_request")
    as_json = client.post("/token", json=data, headers=headers)
    assert error(as_json) == (400, "invalid_request")
    assert client.post("/token", data=data, headers=headers).status_code == 200


@pytest.mark.parametrize("name", ["grant_type", "code", "redirect_uri", "unknown"])
def test_C4_a_parameter_that_comes_twice_is_refused(
    provider: Provider, name: str
) -> None:
    data = {"unknown": "x", **form(provider)}
    answer = provider.machine().post(
        "/token",
        data={**data, name: [data[name], data[name]]},
        headers=basic("web", "s3cret"),
    )

    assert error(answer) == (400, "invalid_request")


def test_C4_another_grant_type_is_not_supported(provider: Provider) -> None:
    data = form(provider, grant_type="password")
    answer = provider.machine().post(
        "/token", data=data, headers=basic("web", "s3cret")
    )

    assert error(answer) == (400, "unsupported_grant_type")


@pytest.fixture(params=["ES256", "RS256"])
def any_provider(
    request: pytest.FixtureRequest, tmp_path: Path, clock: Clock
) -> Iterator[Provider]:
    yield from opened(tmp_path, clock, signing_alg=request.param)


def test_C6_the_id_token_says_who_when_and_for_whom(any_provider: Provider) -> None:
    provider = any_provider
    tokens = provider.redeem(provider.code()).get_json()
    keys = KeySet.import_key_set(provider.machine().get("/jwks").get_json())
    metadata = provider.machine().get("/.well-known/openid-configuration").get_json()
    algs = metadata["id_token_signing_alg_values_supported"]
    claims = jwt.decode(tokens["id_token"], keys, algs).claims
    with reading(provider.services.database) as connection:
        event = json.loads(connection.execute(select(events.c.body)).scalar_one())

    assert (claims["iss"], claims["aud"], claims["sub"]) == (ISSUER, "web", "alice")
    assert claims["iat"] == claims["auth_time"] == int(NOW) < claims["exp"]
    assert claims["nonce"] == question()["nonce"]
    assert claims["sid"] == event["data"]["sid"]
    assert "name" not in claims  # that is for userinfo (OIDC Core §5.4)
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 3600


def test_C6_without_openid_there_is_no_id_token_and_no_userinfo(
    provider: Provider,
) -> None:
    tokens = provider.redeem(provider.code(scope="profile")).get_json()

    assert "id_token" not in tokens
    answer = provider.userinfo(tokens["access_token"])
    assert answer.status_code == 403
    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]


def test_C6_private_keys_are_not_published(any_provider: Provider) -> None:
    (key,) = any_provider.machine().get("/jwks").get_json()["keys"]

    assert not {"d", "p", "q", "dp", "dq", "qi", "k"} & set(key)
    assert key["use"] == "sig"


def test_C6_the_key_stays_the_same_over_a_restart(tmp_path: Path, clock: Clock) -> None:
    seen = []
    for _ in range(2):
        for provider in opened(tmp_path, clock):
            seen.append(provider.machine().get("/jwks").get_json())
    assert seen[0] == seen[1]


def test_C6_userinfo_tells_what_the_scope_opens(provider: Provider) -> None:
    tokens = provider.redeem(provider.code(scope="openid email")).get_json()
    told = {"sub": "alice", "email": "alice@example.com"}
    machine, token = provider.machine(), tokens["access_token"]

    assert provider.userinfo(token).get_json() == told
    assert machine.post("/userinfo", data={"access_token": token}).get_json() == told
    assert (
        machine.post(
            "/userinfo", headers={"Authorization": f"bearer {token}"}
        ).get_json()
        == told
    )


@pytest.mark.parametrize(
    ("how", "status", "challenge"),
    [
        ({}, 401, 'Bearer realm="userinfo"'),
        (
            {"headers": {"Authorization": "Bearer wrong"}},
            401,
            'Bearer realm="userinfo", error="invalid_token"',
        ),
        (
            {"headers": {"Authorization": "Bearer x"}, "data": {"access_token": "y"}},
            400,
            'Bearer realm="userinfo", error="invalid_request"',
        ),
        ({"query_string": {"access_token": "x"}}, 401, 'Bearer realm="userinfo"'),
    ],
)
def test_C6_userinfo_challenges_as_rfc_6750_says(
    provider: Provider, how: dict[str, Any], status: int, challenge: str
) -> None:
    answer = provider.machine().post("/userinfo", **how)

    assert answer.status_code == status
    assert answer.headers["WWW-Authenticate"] == challenge


@pytest.mark.parametrize("second", ["the same", "another"])
def test_C6_a_token_that_comes_twice_is_refused(
    provider: Provider, second: str
) -> None:
    token = provider.redeem(provider.code()).get_json()["access_token"]
    twice = {"access_token": [token, token if second == "the same" else second]}
    answer = provider.machine().post("/userinfo", data=twice)

    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_request")


def test_C6_keys_may_be_cached_and_tokens_may_not(provider: Provider) -> None:
    keys = provider.machine().get("/jwks")

    assert keys.headers["Cache-Control"] == "public, max-age=300"
    assert "Vary" not in keys.headers and "Set-Cookie" not in keys.headers


def test_C6_an_expired_access_token_opens_nothing(
    provider: Provider, clock: Clock
) -> None:
    token = provider.redeem(provider.code()).get_json()["access_token"]
    clock.now += 3600

    assert provider.userinfo(token).status_code == 401


def test_C6_discovery_promises_what_there_is(provider: Provider) -> None:
    machine = provider.machine()
    metadata = machine.get("/.well-known/openid-configuration").get_json()
    endpoints = [url for name, url in metadata.items() if name.endswith("_endpoint")]

    assert metadata["issuer"] == ISSUER
    for url in [*endpoints, metadata["jwks_uri"]]:
        path = url.removeprefix(ISSUER)
        found = {machine.get(path).status_code, machine.post(path).status_code}
        assert 404 not in found, path
    assert metadata["authorization_response_iss_parameter_supported"] is True
    assert metadata["code_challenge_methods_supported"] == ["S256"]


def test_C_secrets_are_kept_as_hashes_only(provider: Provider, tmp_path: Path) -> None:
    browser = provider.browser()
    said = browser.sign_in()
    tokens = provider.redeem(said["code"]).get_json()
    cookie = browser.client.get_cookie("oauthapp_provider", "localhost")
    assert cookie is not None
    with browser.client.session_transaction() as session:
        session_id = session["id"]
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())

    private = [tokens["access_token"], tokens["id_token"], said["code"], session_id]
    assert [secret for secret in private if secret.encode() in kept] == []
    assert b'"d"' not in kept


def test_logout_with_the_users_own_id_token_needs_no_question(
    provider: Provider,
) -> None:
    browser = provider.browser()
    tokens = provider.redeem(browser.sign_in()["code"]).get_json()
    query = {
        "id_token_hint": tokens["id_token"],
        "post_logout_redirect_uri": "http://localhost:5000/",
        "state": "a b",
    }
    answer = browser.client.get("/logout", query_string=query)

    assert answer.location == "http://localhost:5000/?state=a%20b"
    assert browser.authorize().request.path == "/login"


def test_logout_by_a_head_request_signs_nobody_out(provider: Provider) -> None:
    browser = provider.browser()
    tokens = provider.redeem(browser.sign_in()["code"]).get_json()
    hint = {"id_token_hint": tokens["id_token"]}
    answer = browser.client.head("/logout", query_string=hint)

    assert answer.status_code == 200
    assert "code" in answered(provider_still_knows(browser))


@pytest.mark.parametrize("hinted", [None, "x.y.z"])
def test_logout_without_proof_asks_first(
    provider: Provider, hinted: str | None
) -> None:
    browser = provider.browser()
    browser.sign_in()
    query = {"client_id": "web", "post_logout_redirect_uri": "http://localhost:5000/"}
    if hinted:
        query["id_token_hint"] = hinted
    browser.follow(browser.client.get("/logout", query_string=query))
    assert "code" in answered(provider_still_knows(browser))

    browser.follow(browser.client.get("/logout", query_string=query))
    assert browser.submit().location == "http://localhost:5000/"
    assert browser.authorize().request.path == "/login"


def provider_still_knows(browser: Any) -> Any:
    return browser.authorize(prompt="none")


@pytest.mark.parametrize("path", ["/token", "/userinfo"])
def test_C4_what_is_no_text_is_no_code_and_no_token(
    provider: Provider, path: str
) -> None:
    body = f"grant_type=authorization_code&code=%FF&code_verifier={VERIFIER}"
    answer = provider.machine().post(
        path,
        data=body if path == "/token" else "access_token=%FF",
        headers=basic("web", "s3cret") if path == "/token" else {},
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code == (400 if path == "/token" else 401)


def test_logout_gives_state_back_byte_for_byte_also_after_asking(
    provider: Provider,
) -> None:
    browser = provider.browser()
    browser.sign_in()
    query = "client_id=web&post_logout_redirect_uri=http://localhost:5000/"
    page = browser.client.get(f"/logout?{query}&state=%FF%0A+%2B%3C")
    browser.follow(page)

    assert browser.submit().location == "http://localhost:5000/?state=%FF%0A%20%2B%3C"


def test_logout_by_another_sites_post_asks_as_well(provider: Provider) -> None:
    """It comes without our Lax cookie, so it must not take that cookie away."""
    answer = provider.machine().post("/logout")
    assert "Set-Cookie" not in answer.headers

    browser = provider.browser()
    browser.sign_in()
    browser.follow(answer)
    assert "code" in answered(provider_still_knows(browser))
