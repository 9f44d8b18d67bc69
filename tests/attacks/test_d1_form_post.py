"""RULES D with response_mode=form_post: the answer comes by a cross-site POST."""

from collections.abc import Callable
from urllib.parse import urlencode

import msgspec
import pytest
from werkzeug.test import TestResponse

from tests.attacks.evil_browser import EvilBrowser
from tests.attacks.evil_browser import asked
from tests.attacks.evil_browser import reason
from tests.attacks.evil_provider import EvilProvider
from tests.attacks.house import House


@pytest.fixture
def house(open_house: Callable[..., House]) -> House:
    """Its provider `demo` answers by form_post, `other` in the query."""
    usual = open_house().settings.providers
    by_post = msgspec.structs.replace(usual["demo"], response_mode="form_post")
    return open_house(providers={**usual, "demo": by_post})


def post(
    browser: EvilBrowser, parameters: dict[str, str], provider: str = "demo"
) -> TestResponse:
    return browser.open(f"/callback/{provider}", method="POST", data=parameters)


def test_D1_form_post_is_asked_for_and_signs_in(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    location = browser.begin()
    answer = post(browser, evil.authorize(location))

    assert asked(location)["response_mode"] == "form_post"
    assert answer.status_code == 303
    assert browser.is_signed_in()


def test_D1_its_cookie_comes_along_with_a_cross_site_post(browser: EvilBrowser) -> None:
    answer = browser.open("/login/demo")

    (cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if "login" in c]
    assert cookie.startswith("oauthapp_login_post=")
    assert {"Secure", "HttpOnly", "SameSite=None"} <= set(cookie.split("; "))


def test_D1_the_other_provider_keeps_the_stricter_cookie(browser: EvilBrowser) -> None:
    answer = browser.open("/login/other")

    (cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if "login" in c]
    assert cookie.startswith("oauthapp_login=")
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize(("provider", "method"), [("demo", "GET"), ("other", "POST")])
def test_D1_the_other_method_is_refused_and_the_state_stays_good(
    browser: EvilBrowser,
    evil: EvilProvider,
    other: EvilProvider,
    provider: str,
    method: str,
) -> None:
    who = {"demo": evil, "other": other}[provider]
    parameters = who.authorize(browser.begin(provider))
    query = urlencode(parameters)
    wrong = browser.open(
        f"/callback/{provider}?{query}", method=method, data=parameters
    )
    right = (
        post(browser, parameters)
        if method == "GET"
        else browser.bring(parameters, provider)
    )

    assert wrong.status_code == 405
    assert right.status_code == 303


def test_D2_parameters_in_the_query_of_a_post_do_not_count(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    query = urlencode(evil.authorize(browser.begin()))
    answer = browser.open(f"/callback/demo?{query}", method="POST")

    assert (answer.status_code, reason(answer)) == (400, "state_missing")
    assert evil.calls("/token") == []


def test_D2_fields_without_a_name_are_refused_and_nothing_breaks(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    browser.begin()
    part = "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n"
    answer = browser.open(
        "/callback/demo",
        method="POST",
        data=f"{part * 2}--b--\r\n".encode(),
        content_type="multipart/form-data; boundary=b",
    )

    assert (answer.status_code, reason(answer)) == (400, "refused")


def test_D2_a_form_from_another_browser_signs_nobody_in(
    house: House, browser: EvilBrowser, evil: EvilProvider
) -> None:
    parameters = evil.authorize(browser.begin())
    victim = house.browser()
    answer = post(victim, parameters)

    assert reason(answer) == "state_of_another_browser"
    assert not victim.is_signed_in()


def test_D2_the_cookie_of_the_other_mode_does_not_count(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    browser.begin("other")  # gives the browser the Lax cookie
    location = browser.begin()
    browser.client.delete_cookie("oauthapp_login_post")
    answer = post(browser, evil.authorize(location))

    assert reason(answer) == "state_of_another_browser"
