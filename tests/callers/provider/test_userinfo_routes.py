"""Userinfo tells the bearer of a token what its scope opens, and nobody else."""

import pytest

from tests.attacks.provider_house import Provider
from tests.attacks.provider_house import answered


def test_a_user_who_was_removed_has_no_userinfo(provider: Provider) -> None:
    token = provider.redeem(provider.code()).get_json()["access_token"]
    provider.without("alice")

    assert provider.userinfo(token).status_code == 401


def test_a_claim_that_is_not_set_is_left_out(provider: Provider) -> None:
    browser = provider.browser()
    browser.authorize()
    browser.log_in("bob", "builder")
    code = answered(browser.submit(decision="allow"))["code"]
    token = provider.redeem(code).get_json()["access_token"]

    assert provider.userinfo(token).get_json() == {"sub": "bob"}


@pytest.mark.parametrize("scheme", ["Basic", "Token", "Bearer2"])
def test_another_scheme_brings_no_token(provider: Provider, scheme: str) -> None:
    token = provider.redeem(provider.code()).get_json()["access_token"]
    answer = provider.machine().get(
        "/userinfo", headers={"Authorization": f"{scheme} {token}"}
    )

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="userinfo"'
