"""RULES A.5: the app's redirect_uri is a constant; no request changes it."""

from collections.abc import Callable

import pytest

from tests.attacks.evil_browser import EvilBrowser
from tests.attacks.evil_browser import asked
from tests.attacks.evil_provider import EvilProvider
from tests.attacks.house import BASE_URL
from tests.attacks.house import House

FORWARDED = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Port": "444",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-For": "203.0.113.7",
    "X-Forwarded-Server": "evil.example",
    "Forwarded": "host=evil.example;proto=https",
    "X-Host": "evil.example",
    "X-Original-URL": "/evil",
    "X-Rewrite-URL": "/evil",
    "X-Script-Name": "/evil",
    "Origin": "https://evil.example",
    "Referer": "https://evil.example/",
}


def redirect_uri(browser: EvilBrowser, path: str, **options: object) -> str:
    answer = browser.open(path, **options)
    return asked(answer.location)["redirect_uri"]


@pytest.mark.parametrize("name", [*FORWARDED, "all"])
def test_A5_no_header_changes_the_redirect_uri(browser: EvilBrowser, name: str) -> None:
    headers = FORWARDED if name == "all" else {name: FORWARDED[name]}

    assert redirect_uri(browser, "/login/demo", headers=headers) == (
        f"{BASE_URL}/callback/demo"
    )


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:5000", "localhost:5001"])
def test_A5_another_host_never_reaches_the_provider(
    browser: EvilBrowser, evil: EvilProvider, host: str
) -> None:
    answer = browser.open("/login/demo", headers={"Host": host})

    assert answer.location == f"{BASE_URL}/login/demo"
    assert evil.heard == []


def test_A5_no_query_changes_the_redirect_uri(browser: EvilBrowser) -> None:
    query = "redirect_uri=https://evil.example/&client_id=x&state=x&nonce=x"

    location = browser.open(f"/login/demo?{query}").location

    assert location.count("redirect_uri=") == location.count("&state=") == 1
    assert asked(location)["redirect_uri"] == f"{BASE_URL}/callback/demo"


@pytest.mark.parametrize("name", [*FORWARDED, "all"])
def test_A5_no_header_changes_where_the_callback_is_or_leads_to(
    browser: EvilBrowser, evil: EvilProvider, name: str
) -> None:
    headers = FORWARDED if name == "all" else {name: FORWARDED[name]}

    answer = browser.bring(evil.authorize(browser.begin()), headers=headers)

    assert (answer.status_code, answer.location) == (303, f"{BASE_URL}/")


def test_A5_the_token_request_repeats_the_same_redirect_uri(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    location = browser.begin()
    browser.bring(evil.authorize(location))

    (call,) = evil.calls("/token")
    assert call.form["redirect_uri"] == asked(location)["redirect_uri"]


@pytest.mark.parametrize(
    "base_url",
    ["https://app.example", "https://app.example:8443", "http://[::1]:5000"],
)
def test_A5_each_way_to_write_base_url_signs_in(
    open_house: Callable[..., House], evil: EvilProvider, base_url: str
) -> None:
    browser = open_house(base_url=base_url).browser()
    location = browser.begin()

    assert asked(location)["redirect_uri"] == f"{base_url}/callback/demo"
    assert browser.bring(evil.authorize(location)).status_code == 303
