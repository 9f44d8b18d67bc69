"""RULES D.8: no code, state, token or secret in logs, pages, records and tables."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy import text

from oauthapp.callbacks.redirect.discovery import CACHE_TTL
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.schema.app import pending_logins
from tests.attacks.evil_browser import EvilBrowser
from tests.attacks.evil_browser import asked
from tests.attacks.evil_browser import reason
from tests.attacks.evil_provider import ACCESS_TOKEN
from tests.attacks.evil_provider import CLIENT_SECRET
from tests.attacks.evil_provider import DROP
from tests.attacks.evil_provider import EvilProvider
from tests.attacks.house import BASE_URL
from tests.attacks.house import SECRET_KEY
from tests.attacks.house import Clock
from tests.attacks.house import House

HTML = {"Accept": "text/html"}


class Secrets:
    """What must not be found anywhere; grows as the logins go on."""

    def __init__(self, evil: EvilProvider) -> None:
        self.evil = evil
        self.found: set[str] = {ACCESS_TOKEN, CLIENT_SECRET, SECRET_KEY}
        honest = evil.sign

        def keep(header: object, claims: object) -> str:
            token = honest(header, claims)
            self.found.update({token, token.split(".")[2]})
            return token

        evil.sign = keep

    def begin(self, house: House, browser: EvilBrowser) -> str:
        location = browser.begin()
        question = asked(location)
        self.found.update({question["state"], question["nonce"]})
        with reading(house.services.database) as connection:
            verifiers = connection.execute(select(pending_logins.c.code_verifier))
            self.found.update(verifiers.scalars())
        return location

    def all(self, browser: EvilBrowser) -> set[str]:
        cookies = {browser.cookie("oauthapp_app"), browser.cookie("oauthapp_login")}
        return {one for one in {*self.found, *self.evil.codes, *cookies} if one}


LIES: list[Callable[[EvilProvider], None]] = [
    lambda evil: None,
    lambda evil: evil.claims.update(nonce="another"),
    lambda evil: evil.claims.update(at_hash="another"),
    lambda evil: evil.claims.update(aud="another"),
    lambda evil: evil.header.update(kid="another"),
    lambda evil: evil.tokens.update(token_type="mac"),
    lambda evil: evil.tokens.update(access_token=DROP),
    lambda evil: evil.about.update(sub="mallory"),
    lambda evil: evil.metadata.update(token_endpoint="http://127.0.0.1:1/"),
]
ANSWERS: list[dict[str, object]] = [
    {},
    {"code": DROP, "error": "access_denied"},
    {"iss": DROP},
    {"iss": "https://evil.example"},
    {"code": "unknown"},
]


@pytest.mark.parametrize("accept", [HTML, {}])
def test_D8_nothing_secret_is_logged_shown_or_recorded(
    house: House,
    evil: EvilProvider,
    clock: Clock,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    accept: dict[str, str],
) -> None:
    caplog.set_level(logging.DEBUG)
    browser, secrets, pages = house.browser(), Secrets(evil), []
    cases = [(lie, {}) for lie in LIES] + [(LIES[0], answer) for answer in ANSWERS]
    for lie, answer in cases:
        for altered in (evil.claims, evil.header, evil.tokens, evil.about):
            altered.clear()
        evil.metadata.clear()
        clock.now += CACHE_TTL  # so that what it says of itself is read again
        lie(evil)
        brought = evil.authorize(secrets.begin(house, browser), **answer)
        for _again in range(2):
            page = browser.bring(brought, headers=accept)
            pages.append(page.text)
        browser.bring([*brought.items(), *brought.items()], headers=accept)
        stranger = house.browser().bring(brought, headers=accept)
        pages.append(stranger.text)

    assert len(house.calls) > 50
    places = {
        "pages": "\n".join(pages),
        "log": caplog.text,
        "recorder": everything(tmp_path, "recorder.sqlite*"),
        "calls": str(house.calls),
    }
    for secret in secrets.all(browser):
        for place, content in places.items():
            assert secret not in content, f"{secret} in {place}"


def test_D8_at_rest_a_state_a_session_and_a_browser_are_hashes(
    house: House, evil: EvilProvider, tmp_path: Path
) -> None:
    browser = house.browser()
    state = asked(browser.begin())["state"]
    browser.bring(evil.authorize(browser.begin()))

    with reading(house.services.database) as connection:
        tables = ("pending_logins", "app_sessions")
        rows = [
            connection.execute(text(f"SELECT * FROM {one}")).all() for one in tables
        ]
    kept = str(rows)
    session = house.app.session_interface.get_signing_serializer(house.app)
    session_id = session.loads(browser.cookie("oauthapp_app"))["id"]
    secrets = {state, session_id, browser.cookie("oauthapp_login"), ACCESS_TOKEN}
    for secret in {*secrets, *evil.codes, *(one.split(".")[0] for one in secrets)}:
        assert secret not in kept


def everything(folder: Path, pattern: str) -> str:
    """All bytes of the files, write-ahead log included."""
    files = sorted(folder.glob(pattern))
    assert files
    return "".join(one.read_bytes().decode("latin-1") for one in files)


def test_D8_a_database_error_logs_no_values(
    house: House, browser: EvilBrowser, caplog: pytest.LogCaptureFixture
) -> None:
    with writing(house.services.database) as connection:
        connection.execute(
            text(
                "CREATE TRIGGER no BEFORE INSERT ON pending_logins "
                "BEGIN SELECT RAISE(ABORT, 'disk on fire'); END"
            )
        )

    answer = browser.open("/login/demo")

    assert (answer.status_code, reason(answer)) == (503, "store_unavailable")
    assert "disk on fire" in caplog.text
    assert f"{BASE_URL}/callback" not in caplog.text  # a value of the same row


def test_D8_an_unexpected_crash_shows_and_logs_no_query(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    def crash() -> str:
        raise ZeroDivisionError("inner workings")

    house.app.add_url_rule("/crash", "crash", crash)

    for accept in ({}, HTML):
        answer = house.browser().open("/crash?code=the-code", headers=accept)
        assert answer.status_code == 500
        assert "inner workings" not in answer.text
    assert "the-code" not in caplog.text
    assert house.calls[-1].verdict == "failed"
    assert "the-code" not in str(house.calls)


def test_D8_the_session_cookie_holds_an_id_and_nothing_about_the_user(
    browser: EvilBrowser, evil: EvilProvider, house: House
) -> None:
    browser.bring(evil.authorize(browser.begin()))

    serializer = house.app.session_interface.get_signing_serializer(house.app)
    assert serializer
    assert set(serializer.loads(browser.cookie("oauthapp_app"))) == {"id"}


# --- cookies and headers -------------------------------------------------------------


def cookies_set(browser: EvilBrowser, evil: EvilProvider) -> list[list[str]]:
    began = browser.open("/login/demo")
    ended = browser.bring(evil.authorize(began.location))
    lines = began.headers.getlist("Set-Cookie") + ended.headers.getlist("Set-Cookie")
    return [line.split("; ") for line in lines]


def test_D8_both_cookies_are_lax_and_out_of_reach_for_scripts(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    cookies = cookies_set(browser, evil)

    names = [one[0].partition("=")[0] for one in cookies]
    assert names == ["oauthapp_login", "oauthapp_app"]
    for one in cookies:
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(one)
        assert not any(attribute.startswith("Domain") for attribute in one)


def test_D8_over_https_both_cookies_are_secure_and_bound_to_their_host(
    open_house: Callable[..., House], evil: EvilProvider
) -> None:
    browser = open_house(base_url="https://app.example").browser()
    cookies = cookies_set(browser, evil)

    names = [one[0].partition("=")[0] for one in cookies]
    assert names == ["__Host-oauthapp_login", "__Host-oauthapp_app"]
    for one in cookies:
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(one)
        assert not any(attribute.startswith("Domain") for attribute in one)
    assert browser.is_signed_in()


@pytest.mark.parametrize(
    "path",
    [
        "/login/demo",
        "/login/unknown",
        "/callback/demo",
        "/callback/demo?state=x&state=y",
        "/callback/unknown",
        "/me",
        "/logout",
        "/nothing-here",
    ],
)
@pytest.mark.parametrize("accept", [HTML, {}])
def test_D8_every_answer_keeps_its_address_and_itself_to_itself(
    browser: EvilBrowser, path: str, accept: dict[str, str]
) -> None:
    headers = browser.open(path, headers=accept).headers

    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    policy = headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "frame-ancestors 'none'"} <= set(policy)
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in headers


def test_D8_a_successful_callback_keeps_its_address_to_itself_too(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    headers = browser.bring(evil.authorize(browser.begin())).headers

    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
