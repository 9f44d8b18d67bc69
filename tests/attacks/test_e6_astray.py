"""RULES E.6: a callback of one kind at the door of another is refused and harmless."""

import json
from collections.abc import Callable

import msgspec
import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from oauthapp.schema.app import inbox
from oauthapp.settings import WebhookSource
from tests.attacks.evil_browser import EvilBrowser
from tests.attacks.evil_browser import reason
from tests.attacks.evil_provider import EvilProvider
from tests.attacks.house import House
from tests.callbacks.webhook.senders import BODY
from tests.callbacks.webhook.senders import GOOD

#: One source of each kind of sender, by names that fit into a URL.
SENT = {kind.split(",")[0]: good for kind, good in GOOD.items() if "," not in kind}
ANSWERS = ["query", "form_post"]


@pytest.fixture(params=ANSWERS)
def house(request: pytest.FixtureRequest, open_house: Callable[..., House]) -> House:
    """Its provider `demo` answers in this way; it hears every kind of sender."""
    usual = open_house().settings.providers
    demo = msgspec.structs.replace(usual["demo"], response_mode=request.param)
    sources = {
        name: WebhookSource(secrets=list(good.secrets), scheme=name)
        for name, good in SENT.items()
    }
    return open_house(providers={**usual, "demo": demo}, webhooks=sources)


def send(browser: EvilBrowser, path: str, name: str) -> TestResponse:
    """A valid message of this kind of sender, to whatever address."""
    headers = {**SENT[name].headers, "Content-Type": "application/json"}
    return browser.open(path, method="POST", data=BODY, headers=headers)


def kept(house: House) -> int:
    with house.services.database.connect() as connection:
        return len(connection.execute(select(inbox)).all())


@pytest.mark.parametrize("name", SENT)
def test_E6_a_valid_callback_at_the_webhook_route_is_refused(
    house: House, browser: EvilBrowser, evil: EvilProvider, name: str
) -> None:
    brought = evil.authorize(browser.begin())
    there = f"/webhooks/{name}"
    by_json = {"data": json.dumps(brought), "content_type": "application/json"}

    assert browser.open(there, query_string=brought).status_code == 405
    assert browser.open(there, method="POST", data=brought).status_code == 415
    answer = browser.open(there, method="POST", **by_json)
    assert (answer.status_code, reason(answer)) == (400, "header_missing")
    assert not browser.is_signed_in()
    assert (kept(house), evil.calls("/token")) == (0, [])


@pytest.mark.parametrize("name", SENT)
def test_E6_its_state_stays_good_for_the_right_door(
    house: House, browser: EvilBrowser, evil: EvilProvider, name: str
) -> None:
    brought = evil.authorize(browser.begin())
    browser.open(f"/webhooks/{name}", method="POST", data=brought)
    by_form = house.settings.providers["demo"].response_mode == "form_post"
    if by_form:
        browser.open("/callback/demo", method="POST", data=brought)
    else:
        browser.bring(brought)

    assert browser.is_signed_in()


@pytest.mark.parametrize("name", SENT)
def test_E6_a_valid_webhook_at_the_callback_is_refused(
    house: House, browser: EvilBrowser, evil: EvilProvider, name: str
) -> None:
    browser.begin()  # so that a login could be answered
    answer = send(browser, "/callback/demo", name)

    assert answer.status_code in (400, 405)
    assert not browser.is_signed_in()
    assert (kept(house), evil.calls("/token")) == (0, [])
    assert send(browser, f"/webhooks/{name}", name).status_code == 204
    assert kept(house) == 1


@pytest.mark.parametrize("name", SENT)
@pytest.mark.parametrize("door", SENT)
def test_E6_a_valid_webhook_at_another_senders_route_is_refused(
    house: House, browser: EvilBrowser, name: str, door: str
) -> None:
    status = send(browser, f"/webhooks/{door}", name).status_code

    assert status == (204 if name == door else 400)
    assert kept(house) == (name == door)
