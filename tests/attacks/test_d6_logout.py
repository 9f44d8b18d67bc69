"""RULES D.6: our own page asks for a logout, and the session is then over for good."""

import re

import pytest
from flask import Flask
from flask import render_template_string
from sqlalchemy import func
from sqlalchemy import select

from oauthapp.database import reading
from oauthapp.schema.app import app_sessions
from tests.attacks.evil_browser import EvilBrowser
from tests.attacks.evil_browser import reason
from tests.attacks.evil_provider import EvilProvider
from tests.attacks.house import BASE_URL
from tests.attacks.house import Clock
from tests.attacks.house import House


@pytest.fixture
def browser(house: House, evil: EvilProvider) -> EvilBrowser:
    """Signed in, and our pages have a form."""
    _add_a_page_with_a_form(house.app)
    browser = house.browser()
    browser.bring(evil.authorize(browser.begin()))
    assert browser.is_signed_in()
    return browser


def _add_a_page_with_a_form(app: Flask) -> None:
    form = '<input name="csrf_token" value="{{ csrf_token() }}">'
    app.add_url_rule("/a-form", "a_form", lambda: render_template_string(form))


def token(browser: EvilBrowser) -> str:
    found = re.search('value="([^"]+)"', browser.open("/a-form").text)
    assert found
    return found[1]


def sessions(house: House) -> int:
    with reading(house.services.database) as connection:
        count = select(func.count()).select_from(app_sessions)
        return int(connection.execute(count).scalar_one())


def test_D6_logout_with_the_forms_token_signs_out(
    house: House, browser: EvilBrowser
) -> None:
    answer = browser.open("/logout", method="POST", data={"csrf_token": token(browser)})

    assert (answer.status_code, answer.location) == (303, f"{BASE_URL}/")
    assert not browser.is_signed_in()
    assert sessions(house) == 0
    assert browser.cookie("oauthapp_app") == ""


def test_D6_a_copied_cookie_is_worth_nothing_after_logout(
    house: House, browser: EvilBrowser
) -> None:
    copied = browser.cookie("oauthapp_app")
    thief = house.browser()
    thief.client.set_cookie("oauthapp_app", copied, domain="localhost")
    assert thief.is_signed_in()

    browser.open("/logout", method="POST", data={"csrf_token": token(browser)})

    assert not thief.is_signed_in()


@pytest.mark.parametrize("given", ["", "x", "a.b.c", None])
def test_D6_logout_without_the_forms_token_is_refused(
    browser: EvilBrowser, given: str | None
) -> None:
    token(browser)
    data = {} if given is None else {"csrf_token": given}

    answer = browser.open("/logout", method="POST", data=data)

    assert (answer.status_code, reason(answer)) == (400, "csrf_mismatch")
    assert browser.is_signed_in()


def test_D6_another_browsers_token_is_refused(
    house: House, browser: EvilBrowser
) -> None:
    attackers = token(house.browser())

    answer = browser.open("/logout", method="POST", data={"csrf_token": attackers})

    assert reason(answer) == "csrf_mismatch"
    assert browser.is_signed_in()


def test_D6_a_token_of_before_the_login_is_refused(
    house: House, evil: EvilProvider, browser: EvilBrowser
) -> None:
    old = token(browser)
    browser.bring(evil.authorize(browser.begin()))

    answer = browser.open("/logout", method="POST", data={"csrf_token": old})

    assert reason(answer) == "csrf_mismatch"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_D6_a_link_or_an_image_does_not_sign_out(
    browser: EvilBrowser, method: str
) -> None:
    answer = browser.open("/logout", method=method)

    assert answer.status_code == 405
    assert browser.is_signed_in()


@pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-HTTP-Method"])
def test_D6_a_header_does_not_turn_a_get_into_a_post(
    browser: EvilBrowser, name: str
) -> None:
    answer = browser.open("/logout", headers={name: "POST"})

    assert answer.status_code == 405
    assert browser.is_signed_in()


def test_D6_logout_leads_home_whatever_it_is_asked(browser: EvilBrowser) -> None:
    fields = {"csrf_token": token(browser), "next": "https://evil.example/"}
    answer = browser.open(
        "/logout?next=//evil.example",
        method="POST",
        data=fields,
        headers={
            "X-Forwarded-Host": "evil.example",
            "Referer": "https://evil.example/",
        },
    )

    assert answer.location == f"{BASE_URL}/"


def test_D6_logout_ends_this_session_and_no_other(
    house: House, evil: EvilProvider, browser: EvilBrowser
) -> None:
    elsewhere = house.browser()
    elsewhere.bring(evil.authorize(elsewhere.begin()))

    browser.open("/logout", method="POST", data={"csrf_token": token(browser)})

    assert elsewhere.is_signed_in()
    assert sessions(house) == 1


def test_D6_sessions_that_ended_by_themselves_are_cleared_away(
    house: House, evil: EvilProvider, browser: EvilBrowser, clock: Clock
) -> None:
    clock.now += house.settings.session_ttl
    later = house.browser()
    later.bring(evil.authorize(later.begin()))

    assert later.is_signed_in()
    assert sessions(house) == 1


def test_D6_a_callback_from_before_the_logout_does_not_sign_in_again(
    evil: EvilProvider, browser: EvilBrowser
) -> None:
    """The back button after signing out."""
    brought = evil.authorize(browser.begin())
    browser.bring(brought)
    browser.open("/logout", method="POST", data={"csrf_token": token(browser)})

    assert reason(browser.bring(brought)) == "state_unknown"
    assert not browser.is_signed_in()


def test_D6_coming_back_from_the_providers_logout_changes_nothing(
    house: House, browser: EvilBrowser
) -> None:
    answer = browser.open("/signed-out/demo?state=x&next=https://evil.example/")

    assert (answer.status_code, answer.location) == (303, f"{BASE_URL}/")
    assert browser.is_signed_in()


def test_D6_nobody_comes_back_from_a_provider_we_do_not_know(
    browser: EvilBrowser,
) -> None:
    answer = browser.open("/signed-out/nobody")

    assert (answer.status_code, reason(answer)) == (404, "unknown_provider")
