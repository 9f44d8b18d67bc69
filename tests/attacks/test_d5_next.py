"""RULES D.5: a login leads back to a path of this app, and nothing else redirects."""

from urllib.parse import urljoin
from urllib.parse import urlsplit

import pytest

from tests.attacks.evil_browser import EvilBrowser
from tests.attacks.evil_browser import asked
from tests.attacks.evil_provider import EvilProvider
from tests.attacks.house import BASE_URL
from tests.attacks.tricks import OPEN_REDIRECTS


def test_D5_enough_tricks_are_known() -> None:
    assert len(set(OPEN_REDIRECTS)) >= 32


@pytest.mark.parametrize("trick", OPEN_REDIRECTS)
def test_D5_no_trick_leads_to_another_host(
    browser: EvilBrowser, evil: EvilProvider, trick: str
) -> None:
    answer = browser.bring(evil.authorize(browser.begin(next=trick)))

    assert answer.status_code == 303
    parts = urlsplit(urljoin(BASE_URL, answer.location))
    assert f"{parts.scheme}://{parts.netloc}" == BASE_URL
    assert answer.location == f"{BASE_URL}/"


def test_D5_the_callback_itself_takes_no_next(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    for trick in OPEN_REDIRECTS:
        answer = browser.bring(evil.authorize(browser.begin(next="/me"), next=trick))
        assert answer.location == f"{BASE_URL}/me"


@pytest.mark.parametrize("name", ["redirect_uri", "return_to", "url", "continue"])
def test_D5_no_other_parameter_redirects(
    browser: EvilBrowser, evil: EvilProvider, name: str
) -> None:
    location = browser.begin(**{name: "https://evil.example/"})
    answer = browser.bring(evil.authorize(location, **{name: "https://evil.example/"}))

    assert urlsplit(location).netloc == urlsplit(evil.issuer).netloc
    assert asked(location)["redirect_uri"] == f"{BASE_URL}/callback/demo"
    assert answer.location == f"{BASE_URL}/"


def test_D5_next_given_twice_cannot_smuggle_a_second_one(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    begun = browser.open("/login/demo?next=/me&next=//evil.example")

    answer = browser.bring(evil.authorize(begun.location))

    assert answer.location == f"{BASE_URL}/me"


def test_D5_moving_to_our_own_host_name_leads_nowhere_else(
    browser: EvilBrowser,
) -> None:
    for trick in OPEN_REDIRECTS:
        answer = browser.open(
            "/login/demo", query_string={"next": trick}, base_url="http://evil.example"
        )
        assert answer.location.startswith(f"{BASE_URL}/login/demo?next=")
        assert "\n" not in answer.location
        assert "\r" not in answer.location
