"""The browser's way in and out, with an honest provider."""

from urllib.parse import urlsplit

import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from sqlalchemy import select

from oauthapp.database import reading
from oauthapp.schema.app import pending_logins
from tests.attacks.evil_browser import EvilBrowser
from tests.attacks.evil_browser import asked
from tests.attacks.evil_browser import reason
from tests.attacks.evil_provider import CLIENT_ID
from tests.attacks.evil_provider import DROP
from tests.attacks.evil_provider import EvilProvider
from tests.attacks.house import BASE_URL
from tests.attacks.house import Clock
from tests.attacks.house import House


def sign_in(browser: EvilBrowser, evil: EvilProvider, **query: str) -> str:
    """Sign in; where the app leads to in the end."""
    answer = browser.bring(evil.authorize(browser.begin(**query)))
    assert answer.status_code == 303, answer.text
    return answer.location


def test_login_asks_the_provider_as_the_standards_say(
    house: House, browser: EvilBrowser, evil: EvilProvider
) -> None:
    location = browser.begin()

    question = asked(location)
    with reading(house.services.database) as connection:
        pending = connection.execute(select(pending_logins)).one()
    assert location.startswith(f"{evil.issuer}/authorize?")
    assert len(question.pop("state")) >= 43
    assert question == {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": f"{BASE_URL}/callback/demo",
        "scope": "openid profile email",
        "nonce": pending.nonce,
        "code_challenge": create_s256_code_challenge(pending.code_verifier),
        "code_challenge_method": "S256",
    }


def test_an_authorization_endpoint_may_have_a_query_of_its_own(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    evil.metadata["authorization_endpoint"] = f"{evil.issuer}/authorize?tenant=a"

    question = asked(browser.begin())

    assert question["tenant"] == "a"
    assert question["client_id"] == CLIENT_ID


def test_two_logins_share_no_secret(browser: EvilBrowser) -> None:
    one, two = asked(browser.begin()), asked(browser.begin())

    for name in ("state", "nonce", "code_challenge"):
        assert one[name] != two[name]


def test_the_callback_signs_in_and_leads_to_the_front_page(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    assert sign_in(browser, evil) == f"{BASE_URL}/"
    assert browser.is_signed_in()


def test_the_callback_leads_to_where_the_login_began(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    assert sign_in(browser, evil, next="/me?a=b") == f"{BASE_URL}/me?a=b"


def test_me_says_who_is_signed_in(browser: EvilBrowser, evil: EvilProvider) -> None:
    sign_in(browser, evil)

    answer = browser.open("/me")

    assert answer.get_json() == {
        "sub": "alice",
        "provider": "demo",
        "claims": {"name": "Alice"},
    }


def test_me_says_401_when_nobody_is(browser: EvilBrowser) -> None:
    answer = browser.open("/me")

    assert (answer.status_code, reason(answer)) == (401, "not_signed_in")


def test_a_session_ends_by_itself(
    house: House, browser: EvilBrowser, evil: EvilProvider, clock: Clock
) -> None:
    sign_in(browser, evil)

    clock.now += house.settings.session_ttl - 1
    assert browser.is_signed_in()
    clock.now += 1
    assert not browser.is_signed_in()


@pytest.mark.parametrize("path", ["/login/unknown", "/callback/unknown"])
def test_an_unknown_provider_is_not_found(browser: EvilBrowser, path: str) -> None:
    answer = browser.open(path)

    assert (answer.status_code, reason(answer)) == (404, "unknown_provider")


def test_login_on_another_host_name_moves_to_ours_first(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    answer = browser.open("/login/demo?next=/me", base_url="http://127.0.0.1:5000")

    assert answer.status_code == 303
    assert answer.location == f"{BASE_URL}/login/demo?next=/me"
    assert "Set-Cookie" not in answer.headers
    assert evil.heard == []


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_the_callback_is_got_and_nothing_else(
    browser: EvilBrowser, evil: EvilProvider, method: str
) -> None:
    brought = evil.authorize(browser.begin())
    answer = browser.open("/callback/demo", method=method, query_string=brought)

    # A form without a token is refused before its address is looked at.
    assert answer.status_code in (400, 405)
    assert not browser.is_signed_in()
    assert browser.bring(brought).status_code == 303


def test_logout_signs_out_and_leads_to_the_front_page(
    house: House, browser: EvilBrowser, evil: EvilProvider
) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False
    sign_in(browser, evil)

    answer = browser.open("/logout", method="POST")

    assert (answer.status_code, answer.location) == (303, f"{BASE_URL}/")
    assert not browser.is_signed_in()


def test_a_login_says_no_more_than_the_provider_that_is_down(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    evil.metadata["token_endpoint"] = DROP

    answer = browser.open("/login/demo")

    assert (answer.status_code, reason(answer)) == (502, "metadata_wrong")
    assert "Set-Cookie" not in answer.headers


def test_people_get_a_page_that_says_what_happened_and_what_to_do(
    browser: EvilBrowser,
) -> None:
    page = browser.bring({}, headers={"Accept": "text/html"})

    assert page.status_code == 400
    assert page.mimetype == "text/html"
    for words in ("state_missing", "What was expected", "Likely cause", "What to do"):
        assert words in page.text


def test_what_arrived_is_shown_as_text_and_not_as_markup(
    browser: EvilBrowser, evil: EvilProvider
) -> None:
    brought = evil.authorize(browser.begin(), code=DROP, error="<script>x</script>")
    page = browser.bring(brought, headers={"Accept": "text/html"})

    assert "&lt;script&gt;" in page.text
    assert "<script>x" not in page.text


def test_each_call_is_recorded_with_its_verdict(
    house: House, browser: EvilBrowser, evil: EvilProvider
) -> None:
    sign_in(browser, evil)
    browser.bring({})

    heard = [
        (urlsplit(call.url).path, call.direction, call.verdict, call.reason)
        for call in house.calls
    ]
    assert heard == [
        ("/.well-known/openid-configuration", "outbound", "", ""),
        ("/login/demo", "inbound", "accepted", ""),
        ("/token", "outbound", "", ""),
        ("/jwks", "outbound", "", ""),
        ("/userinfo", "outbound", "", ""),
        ("/callback/demo", "inbound", "accepted", ""),
        ("/callback/demo", "inbound", "refused", "state_missing"),
    ]


def test_several_providers_work_side_by_side(
    browser: EvilBrowser, evil: EvilProvider, other: EvilProvider
) -> None:
    at_demo, at_other = browser.begin(), browser.begin("other")

    assert browser.bring(other.authorize(at_other), "other").status_code == 303
    assert browser.open("/me").get_json()["provider"] == "other"
    assert browser.bring(evil.authorize(at_demo)).status_code == 303
    assert browser.open("/me").get_json()["provider"] == "demo"
