"""A recorded webhook comes once more: what is sent, to whom, and what comes of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from oauthapp.app import create_app
from oauthapp.database import open_database
from oauthapp.database import reading
from oauthapp.recorder.call import Call
from oauthapp.recorder.store import Recorder
from oauthapp.schema.recorder import recorder_tables
from oauthapp.services import AppServices
from oauthapp.serving import Server
from oauthapp.settings import AppSettings
from oauthapp.settings import WebhookSource
from oauthapp.ui.replay import as_it_was
from oauthapp.ui.replay import signed_anew
from oauthapp.ui.replay_refusals import NoReplayPossible
from tests.callbacks.webhook import senders
from tests.callbacks.webhook.senders import BODY
from tests.callbacks.webhook.senders import NOW
from tests.callbacks.webhook.senders import PUBLIC
from tests.callbacks.webhook.senders import SHARED
from tests.callbacks.webhook.senders import SYMMETRIC

SOURCES = {
    "demo": WebhookSource(secrets=[SYMMETRIC]),
    "public": WebhookSource(secrets=[PUBLIC]),
    "stripe": WebhookSource(secrets=[SHARED], scheme="stripe"),
    "github": WebhookSource(secrets=[SHARED], scheme="github"),
    "slack": WebhookSource(secrets=[SHARED], scheme="slack"),
}
GOOD = {
    "demo": senders.standard(),
    "public": senders.standard(senders.v1a()),
    "stripe": senders.stripe(),
    "github": senders.github(),
    "slack": senders.slack(),
}


@dataclass
class Clock:
    """Stands still until a test moves it."""

    now: float = float(NOW)

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True, kw_only=True)
class House:
    """An app that can be reached by HTTP, and what it recorded."""

    app: Flask
    clock: Clock
    heard: list[Call]
    settings: AppSettings

    @property
    def browser(self) -> FlaskClient:
        return self.app.test_client()

    def receive(
        self, source: str, headers: dict[str, str] | None = None, body: bytes = BODY
    ) -> Call:
        """A message comes in."""
        self.app.test_client().post(
            f"/webhooks/{source}",
            base_url=self.settings.base_url,
            data=body,
            headers=GOOD[source] if headers is None else headers,
            content_type="application/json",
        )
        return self.heard[-1]

    def replay(self, call: Call, way: str) -> str:
        """What the page says came of it."""
        browser, base = self.browser, self.settings.base_url
        page = browser.get(f"/inspect/{call.id}/replay", base_url=base).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token
        answer = browser.post(
            f"/inspect/{call.id}/replay",
            base_url=base,
            data={"way": way, "csrf_token": token[1]},
            headers={"Accept": "text/html"},
        )
        assert answer.status_code == 303, answer.text
        while True:  # the answer is on its way before it is recorded
            shown = browser.get(answer.location, base_url=base).text
            if "See the new call" in shown:
                return shown


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    server = Server("localhost", 0)
    heard: list[Call] = []
    clock = Clock()
    settings = AppSettings(
        base_url=f"http://localhost:{server.port}",
        secret_key="a-key-of-thirty-two-bytes-or-more",
        database_url=f"sqlite:///{tmp_path}/app.sqlite",
        webhooks=SOURCES,
    )
    recorded = open_database(f"sqlite:///{tmp_path}/calls.sqlite", recorder_tables)
    app = create_app(
        settings, Recorder(recorded, "key", clock, heard.extend), clock=clock
    )
    with server.running(app):
        yield House(app=app, clock=clock, heard=heard, settings=settings)
    services = cast(AppServices, app.extensions["oauthapp"])
    services.http.close()
    services.database.dispose()
    recorded.dispose()


@pytest.mark.parametrize("source", SOURCES)
def test_as_it_was_a_message_is_a_duplicate_while_its_time_is_right(
    house: House, source: str
) -> None:
    call = house.receive(source)
    assert (call.verdict, call.reason) == ("accepted", "")

    assert "<code>duplicate</code>" in house.replay(call, "as_it_was")
    assert inbox_size(house) == 1


def test_as_it_was_a_message_is_too_old_later(house: House) -> None:
    call = house.receive("demo")
    house.clock.now += 301

    shown = house.replay(call, "as_it_was")

    assert "Answered 401" in shown
    assert "<code>timestamp_too_old</code>" in shown


def test_what_is_foretold_minds_the_checks_that_are_off(house: House) -> None:
    call = house.receive("demo")
    house.clock.now += 301
    weaknesses = house.app.extensions["oauthapp"].weaknesses
    weaknesses.switch("signed_not_long_ago", off=True)

    page = house.browser.get(f"/inspect/{call.id}/replay").text

    told = page.partition("What to expect")[2]
    assert "it will be let through, although <code>timestamp_too_old</code>" in told
    assert "it will be refused" not in page


def test_signed_anew_it_is_a_duplicate_however_much_later(house: House) -> None:
    call = house.receive("demo")
    house.clock.now += 86_400

    assert "<code>duplicate</code>" in house.replay(call, "anew")
    assert inbox_size(house) == 1


@pytest.mark.parametrize("source", ["stripe", "github", "slack"])
def test_every_scheme_with_a_shared_secret_is_signed_anew(
    house: House, source: str
) -> None:
    call = house.receive(source)
    house.clock.now += 1000

    assert "<code>duplicate</code>" in house.replay(call, "anew")


def test_a_refused_message_is_accepted_once_it_is_signed_by_us(house: House) -> None:
    call = house.receive("demo", senders.standard(senders.v1(senders.OTHER_SYMMETRIC)))
    assert call.reason == "signature_mismatch"

    shown = house.replay(call, "anew")

    assert "Answered 204" in shown
    assert inbox_size(house) == 1


def test_both_sides_of_the_replay_are_recorded_as_a_webhook(house: House) -> None:
    call = house.receive("github")
    house.replay(call, "as_it_was")

    _first, *replayed = house.heard
    assert sorted(one.direction for one in replayed) == ["inbound", "outbound"]
    assert {one.kind for one in replayed} == {"webhook"}
    assert {one.request_body for one in replayed} == {BODY.decode()}
    (sent,) = [one for one in replayed if one.direction == "outbound"]
    assert sent.parent_id is None


def test_the_page_says_beforehand_what_is_to_be_expected(house: House) -> None:
    call = house.receive("demo")
    house.clock.now += 301

    page = house.browser.get(f"/inspect/{call.id}/replay").text

    assert "it will be refused, <code>timestamp_too_old</code>" in page
    assert "A message id that is known makes it a <code>duplicate</code>" in page


def test_with_a_public_key_nothing_can_be_signed(house: House) -> None:
    page = house.browser.get(f"/inspect/{house.receive('public').id}/replay").text

    assert "only the sender can sign this" in page
    assert page.count("<button") == 1


def settings_at(base_url: str) -> AppSettings:
    return AppSettings(base_url=base_url, secret_key="k" * 32, webhooks=SOURCES)


def test_a_stranger_cannot_have_a_forged_message_signed(house: House) -> None:
    call = house.receive("demo", senders.standard(senders.v1(senders.OTHER_SYMMETRIC)))

    with pytest.raises(NoReplayPossible, match="once more"):
        signed_anew(call, settings_at("https://app.example"), NOW)
    accepted = replace(call, verdict="accepted")
    assert signed_anew(accepted, settings_at("https://app.example"), NOW)


def test_it_goes_to_our_own_address_whatever_the_record_says(house: House) -> None:
    call = house.receive("demo")
    astray = replace(call, url="http://evil.example:1/webhooks/demo?x#y")

    for make in (as_it_was, signed_anew):
        sending = make(astray, house.settings, NOW)
        assert sending.url == f"{house.settings.base_url}/webhooks/demo"


@pytest.mark.parametrize(
    "changed",
    [
        {"party": "provider"},
        {"direction": "outbound"},
        {"method": "GET"},
        {"url": "http://localhost/webhooks/nobody"},
        {"url": "http://localhost/webhooks/demo/../../me"},
        {"url": "http://localhost/callback/demo"},
        {"request_body": "[image/png, 9 bytes]"},
        {"request_body": '{"code": "[code 0123456789ab]"}'},
    ],
    ids=range(8),
)
def test_no_other_call_is_sent(house: House, changed: dict[str, object]) -> None:
    call = replace(house.receive("demo"), **changed)  # type: ignore[arg-type]

    for make in (as_it_was, signed_anew):
        with pytest.raises(NoReplayPossible):
            make(call, house.settings, NOW)


def test_cookies_and_other_headers_of_the_sender_are_not_sent(house: House) -> None:
    headers = {**GOOD["demo"], "Cookie": "a=b", "X-Odd": "1", "Authorization": "x y"}
    call = house.receive("demo", headers)

    assert set(as_it_was(call, house.settings, NOW).headers) == {
        "content-type",
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
    }


def test_without_the_token_of_our_own_page_nothing_is_sent(house: House) -> None:
    call = house.receive("demo")
    heard = len(house.heard)

    answer = house.browser.post(
        f"/inspect/{call.id}/replay",
        base_url=house.settings.base_url,
        data={"way": "as_it_was"},
    )

    assert answer.status_code == 400
    assert answer.json
    assert answer.json["error"]["code"] == "csrf_mismatch"
    assert len(house.heard) == heard


@pytest.mark.parametrize(
    ("host", "way"), [("http://evil.example", "as_it_was"), ("", "elsewhere")]
)
def test_another_host_and_another_way_are_refused(
    house: House, host: str, way: str
) -> None:
    call = house.receive("demo")
    browser, base = house.browser, host or house.settings.base_url
    page = browser.get(f"/inspect/{call.id}/replay", base_url=base).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token

    answer = browser.post(
        f"/inspect/{call.id}/replay",
        base_url=base,
        data={"way": way, "csrf_token": token[1]},
    )

    assert answer.status_code == 422
    assert answer.json
    assert answer.json["error"]["code"] == "no_replay_possible"


def test_an_app_that_nobody_answers_for_says_so(house: House) -> None:
    call = house.receive("demo")
    services = house.app.extensions["oauthapp"]
    gone = AppSettings(
        base_url="http://localhost:1", secret_key="k" * 32, webhooks=SOURCES
    )
    house.app.extensions["oauthapp"] = replace(services, settings=gone)
    browser = house.browser
    page = browser.get(f"/inspect/{call.id}/replay", base_url=gone.base_url).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token

    answer = browser.post(
        f"/inspect/{call.id}/replay",
        base_url=gone.base_url,
        data={"way": "anew", "csrf_token": token[1]},
    )

    assert answer.status_code == 502
    assert answer.json
    assert answer.json["error"]["code"] == "replay_failed"
    assert house.heard[-1].verdict == "failed"


def test_somebody_else_who_names_our_call_as_theirs_is_not_shown(house: House) -> None:
    call = house.receive("demo")
    house.replay(call, "as_it_was")
    (sent,) = [one for one in house.heard if one.direction == "outbound"]
    trace = f"00-{'0' * 31}1-{sent.id}-01"
    house.browser.get("/me", headers={"traceparent": trace})

    page = house.browser.get(f"/inspect/{call.id}/replay?sent={sent.id}").text

    assert "<code>duplicate</code>" in page


@pytest.mark.parametrize("query", ["", "?sent=nothing"])
def test_before_anything_was_sent_there_is_no_outcome(house: House, query: str) -> None:
    page = house.browser.get(f"/inspect/{house.receive('demo').id}/replay{query}").text

    assert "What came of it" not in page


def test_a_call_that_is_none_is_not_found(house: House) -> None:
    assert house.browser.get("/inspect/nothing/replay").status_code == 404


def inbox_size(house: House) -> int:
    services = cast(AppServices, house.app.extensions["oauthapp"])
    with reading(services.database) as connection:
        found = connection.execute(text("SELECT count(*) FROM inbox"))
        return int(found.scalar_one())
