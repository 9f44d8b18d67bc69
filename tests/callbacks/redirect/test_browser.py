"""What the browser carries is signed, and neither half passes for the other."""

import pytest
from flask import Flask
from flask import Response
from itsdangerous import Signer

from oauthapp.callbacks.redirect import browser
from oauthapp.schema import secret_hash
from oauthapp.settings import AppSettings

SETTINGS = AppSettings(base_url="http://localhost:5000", secret_key="k" * 32)
HTTPS = AppSettings(base_url="https://app.example", secret_key="k" * 32)
OTHERS = AppSettings(base_url="http://localhost:5000", secret_key="o" * 32)
FLASK = Flask(__name__)


def known(cookie: str, settings: AppSettings = SETTINGS) -> str:
    """Who a browser with this login cookie is taken for."""
    with FLASK.test_request_context(headers={"Cookie": cookie}):
        return browser.known_browser(settings)


def cookie_for(name: str, settings: AppSettings = SETTINGS) -> str:
    answer = Response()
    browser.set_browser(answer, settings, name)
    return answer.headers["Set-Cookie"]


def test_a_state_of_ours_is_recognised() -> None:
    assert browser.is_our_state(SETTINGS, browser.new_state(SETTINGS))


def test_states_differ_and_carry_256_random_bits() -> None:
    states = {browser.new_state(SETTINGS) for _ in range(100)}

    assert len(states) == 100
    assert all(len(state.split(".")[0]) == 43 for state in states)


@pytest.mark.parametrize("state", ["", ".", "abc", "a.b", "ü", "x" * 9000, "\x00"])
def test_what_we_did_not_make_is_no_state(state: str) -> None:
    assert not browser.is_our_state(SETTINGS, state)


def test_a_state_with_one_character_altered_before_its_end_is_not_ours() -> None:
    # The last character holds two bits that decode to nothing; the store, which
    # looks for the whole state, refuses what differs only there.
    state = browser.new_state(SETTINGS)
    for place in range(len(state) - 1):
        other = "A" if state[place] != "A" else "B"
        altered = state[:place] + other + state[place + 1 :]
        assert not browser.is_our_state(SETTINGS, altered)


@pytest.mark.parametrize("more", ["\ud800", "\\\ud800", "é", "\u0130"])
def test_a_state_with_more_behind_it_that_is_no_ascii_is_not_ours(more: str) -> None:
    assert not browser.is_our_state(SETTINGS, browser.new_state(SETTINGS) + more)


def test_a_state_of_another_key_is_not_ours() -> None:
    assert not browser.is_our_state(SETTINGS, browser.new_state(OTHERS))


def test_a_browser_is_known_by_its_cookie() -> None:
    assert known(cookie_for("the-browser")) == "the-browser"


@pytest.mark.parametrize("value", ["", "the-browser", "the-browser.AAAA", "ü.ä", "a b"])
def test_a_cookie_that_we_did_not_sign_is_nobodys(value: str) -> None:
    assert known(f"oauthapp_login={value}") == ""


def test_a_cookie_of_another_key_is_nobodys() -> None:
    assert known(cookie_for("the-browser", OTHERS)) == ""


def test_a_state_does_not_pass_for_a_cookie_nor_a_cookie_for_a_state() -> None:
    cookie = cookie_for("the-browser").split(";")[0].split("=", 1)[1]

    assert known(f"oauthapp_login={browser.new_state(SETTINGS)}") == ""
    assert not browser.is_our_state(SETTINGS, cookie)


def test_a_plain_signature_with_the_secret_key_is_neither() -> None:
    signed = Signer(SETTINGS.secret_key).sign("x").decode()

    assert not browser.is_our_state(SETTINGS, signed)
    assert known(f"oauthapp_login={signed}") == ""


def test_over_http_the_cookie_is_lax_and_out_of_reach_for_scripts() -> None:
    attributes = cookie_for("b").split("; ")[1:]

    assert set(attributes) == {
        "Expires=" + next(one for one in attributes if "Expires" in one)[8:],
        "Max-Age=600",
        "HttpOnly",
        "Path=/",
        "SameSite=Lax",
    }


def test_over_https_the_cookie_is_secure_and_bound_to_its_host() -> None:
    name, *attributes = cookie_for("b", HTTPS).split("; ")

    assert name.startswith("__Host-oauthapp_login=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(attributes)
    assert not any(one.startswith("Domain") for one in attributes)


def test_over_https_a_cookie_without_the_prefix_is_not_read() -> None:
    value = cookie_for("b", HTTPS).split(";")[0].split("=", 1)[1]

    assert known(f"oauthapp_login={value}", HTTPS) == ""
    assert known(f"__Host-oauthapp_login={value}", HTTPS) == "b"


def test_the_hash_of_no_browser_is_empty() -> None:
    with FLASK.test_request_context():
        assert browser.browser_hash(SETTINGS) == ""
    with FLASK.test_request_context(headers={"Cookie": cookie_for("b")}):
        assert browser.browser_hash(SETTINGS) == secret_hash("b")
