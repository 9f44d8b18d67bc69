"""RULES C.5 at the provider: refresh tokens rotate, and a stolen one ends it all."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.attacks.house import Clock
from tests.attacks.provider_house import OFFLINE
from tests.attacks.provider_house import Provider
from tests.attacks.provider_house import answered


def error(answer: Any) -> tuple[int, str]:
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.status_code, answer.get_json()["error"]


INVALID = (400, "invalid_grant")


def test_C5_each_refresh_brings_a_new_refresh_token(provider: Provider) -> None:
    first = provider.tokens(scope=OFFLINE)
    second = provider.refresh(first["refresh_token"]).get_json()
    third = provider.refresh(second["refresh_token"]).get_json()

    issued = [one["refresh_token"] for one in (first, second, third)]
    assert len(set(issued)) == 3
    assert [one["scope"] for one in (first, second, third)] == [OFFLINE] * 3
    for one in (first, second, third):  # refreshing ends no access token
        assert provider.userinfo(one["access_token"]).status_code == 200


def test_C5_a_used_refresh_token_ends_the_whole_family(provider: Provider) -> None:
    stolen = provider.tokens(scope=OFFLINE)
    ours = provider.refresh(stolen["refresh_token"]).get_json()

    assert error(provider.refresh(stolen["refresh_token"])) == INVALID
    assert error(provider.refresh(ours["refresh_token"])) == INVALID
    assert provider.userinfo(stolen["access_token"]).status_code == 401
    assert provider.userinfo(ours["access_token"]).status_code == 401


def test_C5_another_login_is_another_family(provider: Provider) -> None:
    one, two = provider.tokens(scope=OFFLINE), provider.tokens(scope=OFFLINE)
    for _ in range(2):
        provider.refresh(one["refresh_token"])

    assert provider.userinfo(two["access_token"]).status_code == 200
    assert provider.refresh(two["refresh_token"]).status_code == 200


def test_C5_of_eight_parallel_refreshes_one_succeeds(provider: Provider) -> None:
    token = provider.tokens(scope=OFFLINE)["refresh_token"]
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda _: provider.refresh(token).status_code, range(8))

    assert sorted(answers) == [200] + [400] * 7


def test_C5_scope_narrows_for_one_token_and_never_widens(provider: Provider) -> None:
    first = provider.tokens(scope=OFFLINE)
    narrow = provider.refresh(first["refresh_token"], scope="openid").get_json()

    assert narrow["scope"] == "openid"
    assert provider.userinfo(narrow["access_token"]).get_json() == {"sub": "alice"}
    wider = provider.refresh(narrow["refresh_token"], scope="openid profile")
    assert error(wider) == (400, "invalid_scope")
    # What was granted is not lost by asking for less once (RFC 6749 §6).
    whole = provider.refresh(narrow["refresh_token"]).get_json()
    assert whole["scope"] == OFFLINE


@pytest.mark.parametrize("scope", ["admin", "openid admin", "openid read"])
def test_C5_a_refused_scope_costs_no_refresh_token(
    provider: Provider, scope: str
) -> None:
    token = provider.tokens(scope=OFFLINE)["refresh_token"]

    assert error(provider.refresh(token, scope=scope)) == (400, "invalid_scope")
    assert provider.refresh(token).status_code == 200


def test_C5_another_client_cannot_use_it_nor_end_it(provider: Provider) -> None:
    token = provider.tokens(scope=OFFLINE)["refresh_token"]
    for _ in range(2):
        assert error(provider.refresh(token, "jwt")) == INVALID
        assert error(provider.refresh(token, "native")) == INVALID

    assert provider.refresh(token).status_code == 200


@pytest.mark.parametrize("token", ["", "x", "é", "\0", "A" * 4000])
def test_C5_what_is_no_refresh_token_is_refused(provider: Provider, token: str) -> None:
    assert error(provider.refresh(token)) == INVALID


def test_C5_an_access_token_or_a_code_is_no_refresh_token(provider: Provider) -> None:
    tokens, code = provider.tokens(scope=OFFLINE), provider.code(scope=OFFLINE)

    assert error(provider.refresh(tokens["access_token"])) == INVALID
    assert error(provider.refresh(code)) == INVALID
    assert provider.userinfo(tokens["refresh_token"]).status_code == 401


def test_C5_a_missing_refresh_token_is_an_invalid_request(provider: Provider) -> None:
    answer = provider.post("/token", grant_type="refresh_token")

    assert error(answer) == (400, "invalid_request")


def test_C5_a_client_without_the_grant_type_may_not_refresh(provider: Provider) -> None:
    token = provider.tokens(scope=OFFLINE)["refresh_token"]

    assert error(provider.refresh(token, "api")) == (400, "unauthorized_client")


@pytest.mark.parametrize("scope", ["openid", "openid email"])
def test_C5_without_offline_access_there_is_none(
    provider: Provider, scope: str
) -> None:
    assert "refresh_token" not in provider.tokens(scope=scope)


def test_C5_a_replayed_code_ends_its_refresh_token(provider: Provider) -> None:
    code = provider.code(scope=OFFLINE)
    token = provider.redeem(code).get_json()["refresh_token"]
    provider.redeem(code)

    assert error(provider.refresh(token)) == INVALID


def test_C5_a_family_ends_when_its_time_is_over_however_often_it_was_refreshed(
    provider: Provider, clock: Clock
) -> None:
    ttl = provider.services.settings.refresh_token_ttl
    token = provider.tokens(scope=OFFLINE)["refresh_token"]
    clock.now += ttl - 1
    token = provider.refresh(token).get_json()["refresh_token"]
    clock.now += 1

    assert error(provider.refresh(token)) == INVALID


def test_C5_a_refresh_token_outlives_the_login_it_came_of(
    provider: Provider, clock: Clock
) -> None:
    browser = provider.browser()
    code = browser.sign_in(scope=OFFLINE)["code"]
    token = provider.redeem(code).get_json()["refresh_token"]
    browser.follow(browser.client.get("/logout"))
    browser.submit()
    clock.now += provider.services.settings.session_ttl + 1
    provider.redeem(provider.code())  # which forgets what has expired

    assert provider.refresh(token).status_code == 200


def test_C5_a_user_who_was_removed_is_refreshed_no_more(provider: Provider) -> None:
    token = provider.tokens(scope=OFFLINE)["refresh_token"]
    provider.without("alice")

    assert error(provider.refresh(token)) == INVALID


def test_C5_a_public_client_refreshes_too(provider: Provider) -> None:
    uri = "http://127.0.0.1:4000/cb"
    code = provider.code(client_id="native", redirect_uri=uri, scope=OFFLINE)
    form = {"grant_type": "authorization_code", "redirect_uri": uri}
    tokens = provider.post(
        "/token", "native", code=code, code_verifier="v" * 43, **form
    ).get_json()
    again = provider.refresh(tokens["refresh_token"], "native")

    assert again.status_code == 200
    assert error(provider.refresh(tokens["refresh_token"], "native")) == INVALID


def test_C5_a_refreshed_id_token_is_of_the_same_login(
    provider: Provider, clock: Clock
) -> None:
    first = provider.tokens(scope=OFFLINE)
    clock.now += 100
    second = provider.refresh(first["refresh_token"]).get_json()
    keys = KeySet.import_key_set(provider.machine().get("/jwks").get_json())
    before, after = (
        jwt.decode(one["id_token"], keys, ["ES256"]).claims for one in (first, second)
    )

    same = ("iss", "sub", "aud", "auth_time", "sid")  # OIDC Core §12.2
    assert [before[name] for name in same] == [after[name] for name in same]
    assert after["iat"] == before["iat"] + 100
    assert "nonce" in before and "nonce" not in after


def test_C5_the_user_is_asked_for_offline_access(provider: Provider) -> None:
    browser = provider.browser()
    browser.sign_in(scope="openid email")
    page = browser.authorize(scope=OFFLINE)

    assert page.request.path == "/consent"
    assert "while you are away" in page.text
    assert "code" in answered(browser.submit(decision="allow"))
