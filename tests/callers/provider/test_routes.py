"""The pages: which one comes next, and what is remembered."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from oauthapp.callers.provider.interaction_store import INTERACTION_TTL
from oauthapp.database import reading
from oauthapp.schema.provider import grants
from oauthapp.schema.sender import deliveries
from oauthapp.settings import Endpoint
from tests.attacks.house import Clock
from tests.attacks.provider_house import ENDPOINT
from tests.attacks.provider_house import Provider
from tests.attacks.provider_house import answered
from tests.attacks.provider_house import longest_state
from tests.attacks.provider_house import opened
from tests.attacks.provider_house import question


@pytest.fixture
def short(tmp_path: Path, clock: Clock) -> Iterator[Provider]:
    """A provider whose sessions end soon, and one more endpoint."""
    deaf = Endpoint(
        url="http://localhost:5000/other", secret=ENDPOINT.secret, events=[]
    )
    yield from opened(tmp_path, clock, session_ttl=30, endpoints=[ENDPOINT, deaf])


def test_the_front_page_says_who_is_signed_in(provider: Provider) -> None:
    browser = provider.browser()
    assert "nobody in this browser" in browser.client.get("/").text

    browser.sign_in()
    assert "nobody in this browser" not in browser.client.get("/").text


def test_the_login_page_names_the_application_and_the_hint(provider: Provider) -> None:
    page = provider.browser().authorize(login_hint="carol@example.com")

    assert "The web app" in page.text
    assert 'value="carol@example.com"' in page.text


def test_the_consent_page_names_user_scopes_and_destination(provider: Provider) -> None:
    browser = provider.browser()
    browser.authorize(scope="openid email admin")
    browser.log_in()
    assert browser.page is not None

    for words in ("alice", "See your e-mail address", "http://localhost:5000"):
        assert words in browser.page.text
    assert "admin" not in browser.page.text


def test_a_wrong_password_can_be_corrected(provider: Provider) -> None:
    browser = provider.browser()
    browser.authorize()
    again = browser.submit(username=" alice ", password="wrong")
    assert 'value="alice"' in again.text and "wrong" not in again.text.lower().replace(
        "password is wrong", ""
    )

    browser.log_in()
    assert "code" in answered(browser.submit(decision="allow"))


@pytest.mark.parametrize("decision", ["deny", "", "Allow"])
def test_whatever_is_not_allow_is_no(provider: Provider, decision: str) -> None:
    browser = provider.browser()
    browser.authorize()
    browser.log_in()

    assert answered(browser.submit(decision=decision))["error"] == "access_denied"
    browser.authorize()
    assert browser.page is not None and browser.page.request.path == "/consent"


def test_a_denial_ends_the_page_too(provider: Provider) -> None:
    browser = provider.browser()
    browser.authorize()
    browser.log_in()
    consent = browser.page
    browser.submit(decision="deny")
    browser.page = consent  # the back button

    assert browser.submit(decision="allow").status_code == 400


def test_a_session_that_ends_meanwhile_leads_back_to_the_login(
    short: Provider, clock: Clock
) -> None:
    browser = short.browser()
    browser.authorize()
    browser.log_in()
    clock.now += 30

    assert browser.submit(decision="allow").request.path == "/login"
    browser.log_in()
    assert "code" in answered(browser.submit(decision="allow"))


def test_what_is_granted_is_what_the_client_may_have(provider: Provider) -> None:
    provider.code(scope="openid admin email")
    with reading(provider.services.database) as connection:
        grant = connection.execute(select(grants)).one()

    assert grant.scope == "openid email"


def test_only_endpoints_that_want_the_event_get_it(short: Provider) -> None:
    assert not short.services.wake.is_set()
    short.code()
    with reading(short.services.database) as connection:
        told = connection.execute(select(deliveries.c.endpoint_url)).scalars().all()

    assert told == [ENDPOINT.url]
    assert short.services.wake.is_set()  # the sender need not wait its turn


def test_two_questions_in_one_browser_can_both_be_answered(provider: Provider) -> None:
    browser = provider.browser()
    first = browser.authorize(state="one")
    second = browser.authorize(state="two")
    browser.log_in()
    assert answered(browser.submit(decision="allow"))["state"] == "two"

    browser.follow(browser.client.get(first.request.full_path))
    browser.log_in()
    assert second.request.full_path != first.request.full_path
    assert browser.page is not None
    assert answered(browser.page)["state"] == "one"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("known", [False, True])
def test_more_than_can_be_read_again_is_answered_by_a_page(
    provider: Provider, method: str, known: bool
) -> None:
    client = provider.browser().client
    if known:
        client.get("/authorize", query_string=question())
    where = "data" if method == "POST" else "query_string"

    def ask(size: int) -> TestResponse:
        asked: Any = {where: question(state="x" * size)}
        return client.open("/authorize", method=method, **asked)

    assert ask(longest_state()).status_code == 303
    answer = ask(longest_state() + 1)
    code = answer.get_json()["error"]["code"]
    assert (answer.status_code, code) == (413, "request_too_large")
    assert "Location" not in answer.headers


def test_an_answered_question_is_unknown(provider: Provider) -> None:
    browser = provider.browser()
    page = browser.authorize()
    browser.log_in()
    browser.submit(decision="allow")

    again = browser.client.get(page.request.full_path)
    assert again.get_json()["error"]["code"] == "interaction_unknown"


@pytest.mark.parametrize("query", ["", "?interaction=", "?interaction=x", "?x=1"])
@pytest.mark.parametrize("path", ["/login", "/consent"])
def test_a_page_without_its_question_is_refused(
    provider: Provider, path: str, query: str
) -> None:
    answer = provider.machine().get(path + query)

    assert answer.status_code == 400
    assert answer.get_json()["error"]["code"] == "interaction_unknown"


def test_a_page_waits_as_long_as_it_says(provider: Provider, clock: Clock) -> None:
    browser = provider.browser()
    browser.authorize()
    clock.now += INTERACTION_TTL
    browser.log_in()

    assert browser.page is not None and browser.page.request.path == "/consent"


@pytest.mark.parametrize("native", [True, False])
def test_the_answer_is_in_the_query_and_nothing_else(
    provider: Provider, native: bool
) -> None:
    uri = {"client_id": "native", "redirect_uri": "http://[::1]:8/cb"} if native else {}
    browser = provider.browser()
    browser.authorize(**uri)
    browser.log_in()
    answer = browser.submit(decision="allow")
    parts = urlsplit(answer.location)

    assert parts.fragment == ""
    names = [name for name, _value in parse_qsl(parts.query)]
    assert names == ["code", "state", "iss"]
