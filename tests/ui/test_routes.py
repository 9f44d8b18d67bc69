"""The compare page and its JSON twin."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy import text

import oauthapp
from oauthapp.kinds import KINDS
from oauthapp.kinds import QUESTIONS
from oauthapp.recorder.observation import Observation
from oauthapp.recorder.store import Recorder
from oauthapp.scenarios import SCENARIOS
from tests.recorder.calls import APP
from tests.recorder.calls import CALLBACK
from tests.recorder.calls import CODE
from tests.recorder.calls import LOGIN
from tests.recorder.calls import RUN
from tests.recorder.calls import SID
from tests.recorder.calls import STATE

STATIC = Path(oauthapp.__file__).parent / "static"


@pytest.fixture
def login(recorder: Recorder) -> tuple[Observation, ...]:
    for one in RUN:
        recorder.keep(one)
    return RUN


def page(client: FlaskClient) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_before_the_first_login_the_page_says_what_will_happen(
    client: FlaskClient,
) -> None:
    shown = page(client)

    assert "Nothing was seen yet" in shown
    kinds = SCENARIOS["login"].kinds
    assert shown.count("Not seen yet.") == len(kinds) * len(QUESTIONS)


def test_every_provider_can_be_signed_in_at(client: FlaskClient) -> None:
    shown = page(client)

    for name in ("demo", "other"):
        assert f'href="/login/{name}">Sign in with {name}</a>' in shown


@pytest.mark.usefixtures("login")
def test_after_a_login_one_can_still_sign_in(client: FlaskClient) -> None:
    shown = page(client)

    assert "Nothing was seen yet" not in shown
    assert 'href="/login/demo">Sign in with demo</a>' in shown


def test_the_questions_are_answered_for_every_kind(client: FlaskClient) -> None:
    shown = page(client)

    for key, question in QUESTIONS.items():
        assert question in shown
        for kind in KINDS:
            assert kind.answer(key) in shown


@pytest.mark.usefixtures("login")
def test_each_call_is_shown_once_with_who_seems_to_have_made_it(
    client: FlaskClient,
) -> None:
    shown = page(client)

    assert shown.count('<li class="call ') == 7
    assert "looks like a browser, because Sec-Fetch-Mode: navigate" in shown
    assert "looks like a server, because it carries webhook-id" in shown
    assert 'Redirect URI: <a href="#call-callback">accepted</a>;' in shown
    assert 'Webhook: <a href="#call-webhook">accepted</a>.' in shown


@pytest.mark.usefixtures("login")
def test_what_was_seen_leads_to_the_call_that_proves_it(client: FlaskClient) -> None:
    shown = page(client)

    proven = re.findall(r'<a href="#(call-[^"]+)">Seen at', shown)
    assert proven.count("call-callback") == 3
    assert proven.count("call-webhook") == 3
    assert proven.count("call-consent") == 2
    for anchor in proven:
        assert shown.count(f'id="{anchor}"') == 1


@pytest.mark.usefixtures("login")
def test_no_secret_is_shown(client: FlaskClient) -> None:
    for path in ("/", "/calls"):
        shown = client.get(path).text
        for secret in (STATE, CODE, SID):
            assert secret not in shown
    assert "[code " in client.get("/").text


def test_a_login_without_callbacks_is_shown_as_far_as_it_went(
    client: FlaskClient, recorder: Recorder
) -> None:
    recorder.keep(LOGIN)

    assert "Redirect URI: nothing has come yet; Webhook: nothing has" in page(client)


def test_what_a_stranger_sent_is_text_and_not_markup(
    client: FlaskClient, recorder: Recorder
) -> None:
    evil = "<script>alert(1)</script>"
    recorder.keep(
        replace(
            LOGIN,
            url=f"http://localhost:5000/login/{evil}?x={evil}",
            request_headers=(("User-Agent", evil), (evil, evil)),
        )
    )

    assert evil not in client.get("/").text


def test_a_refused_callback_is_shown_with_its_reason(
    client: FlaskClient, recorder: Recorder
) -> None:
    recorder.keep(LOGIN)
    recorder.keep(replace(CALLBACK, status=400, verdict="refused", reason="state_used"))

    shown = page(client)

    assert "GET /callback/demo: refused (400, state_used)." in shown
    assert "Nobody called again by itself." in shown


@pytest.mark.usefixtures("login")
def test_what_another_run_shows_of_failure_is_said_to_be_from_there(
    client: FlaskClient, recorder: Recorder
) -> None:
    recorder.keep(replace(LOGIN, id="old-login", at=50.0))
    refused = replace(CALLBACK, id="old-callback", at=51.0, caller_id=None)
    recorder.keep(replace(refused, status=400, verdict="refused", reason="state_used"))
    recorder.keep(replace(LOGIN, id="new-login", at=200.0, url=f"{APP}/login/other"))

    shown = page(client)

    assert '<a href="/inspect/old-callback">Seen in another run at' in shown


@pytest.mark.usefixtures("login")
def test_an_earlier_run_can_be_compared_too(
    client: FlaskClient, recorder: Recorder
) -> None:
    recorder.keep(replace(LOGIN, id="new-login", at=200.0, url=f"{APP}/login/other"))

    told = client.get("/calls?run=login").json

    assert told is not None
    assert (told["run"], told["complete"]) == ("login", True)


@pytest.mark.parametrize("query", ["event=nothing", "run=nothing"])
def test_what_is_not_known_is_said_so(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/?{query}")

    assert answer.status_code == 404
    assert answer.json is not None
    assert answer.json["error"]["code"].startswith("unknown_")


def test_each_scenario_has_its_page(client: FlaskClient) -> None:
    for scenario in SCENARIOS.values():
        shown = client.get(f"/?event={scenario.name}").text
        assert f"<h1>{scenario.title}, told" in shown
        assert 'aria-current="page">' + scenario.title in shown


def test_the_json_twin_before_the_first_login(client: FlaskClient) -> None:
    assert client.get("/calls").json == {"run": None, "complete": False, "calls": []}


@pytest.mark.usefixtures("login")
def test_the_json_twin_tells_the_same_story(client: FlaskClient) -> None:
    told = client.get("/calls").json
    shown = re.search(r'data-standing="([^"]*)"', page(client))

    assert told is not None
    assert (told["run"], told["complete"]) == ("login", True)
    assert shown is not None
    assert [call["id"] for call in told["calls"]] == shown[1].split()


@pytest.mark.usefixtures("login")
def test_looking_is_not_recorded(client: FlaskClient, recorded: Engine) -> None:
    for path in ("/", "/calls", "/static/style.css"):
        client.get(path).close()

    with recorded.connect() as connection:
        count = connection.execute(text("SELECT count(*) FROM calls")).scalar()
    assert count == len(RUN)


def test_a_recorder_that_is_away_is_said_so(
    client: FlaskClient, recorded: Engine
) -> None:
    with recorded.begin() as connection:
        connection.execute(text("DROP TABLE calls"))

    answer = client.get("/", headers={"Accept": "text/html"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "store_unavailable" in answer.text


@pytest.mark.parametrize("name", ["style.css", "live.js", "icon.svg"])
def test_the_page_brings_all_it_needs(client: FlaskClient, name: str) -> None:
    with client.get(f"/static/{name}") as answer:
        assert answer.status_code == 200
    assert f"/static/{name}" in page(client)


@pytest.mark.usefixtures("login")
def test_nothing_on_the_page_needs_a_looser_policy(client: FlaskClient) -> None:
    shown = client.get("/").text

    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|<script>", shown)
    assert "https://" not in re.sub(r"<code>.*?</code>|<dd>.*?</dd>", "", shown)


def test_the_script_stays_small() -> None:
    assert len((STATIC / "live.js").read_text("utf-8").splitlines()) < 100


def test_without_providers_the_page_says_what_to_add(app: Flask) -> None:
    app.extensions["oauthapp"].settings.providers.clear()

    assert "No provider is configured" in page(app.test_client())
