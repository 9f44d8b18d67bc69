"""The provider gives a wrong id_token: the shop must not sign anybody in."""

import pytest
from flask import Flask

from oauthapp.testing.provider import OAuthProvider


@pytest.mark.parametrize(
    "fault",
    [
        "id_token_signature_wrong",
        "id_token_alg_none",
        "id_token_iss_wrong",
        "id_token_iss_missing",
        "id_token_aud_wrong",
        "id_token_aud_missing",
        "id_token_nonce_wrong",
        "id_token_exp_past",
    ],
)
def test_a_wrong_id_token_signs_nobody_in(
    fault: str, shop: Flask, oauth_provider: OAuthProvider, origin: str
) -> None:
    browser = shop.test_client()
    oauth_provider.fault(fault)

    answer = oauth_provider.sign_in(browser, f"{origin}/login")

    assert answer.status_code == 403
    assert browser.get("/", base_url=origin).text == "nobody"
    # The fault is used up: the next login is a good one.
    assert oauth_provider.sign_in(browser, f"{origin}/login").status_code == 302
