"""A bin answers as it was told, records what comes, and can do nothing else."""

import re
from dataclasses import replace
from threading import Event
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from oauthapp.naming import NAMING
from oauthapp.recorder.filter import Filter
from oauthapp.recorder.search_store import page
from oauthapp.recorder.store import Recorder
from oauthapp.services import AppServices
from oauthapp.ui.bins import catch
from oauthapp.ui.bins import store
from oauthapp.ui.bins.form import Behaviour

NOW = 1_700_000_000.0
HTML = {"Accept": "text/html"}


@pytest.fixture
def database(app: Flask) -> Engine:
    services: AppServices = app.extensions["oauthapp"]
    return services.database


def make(database: Engine, **told: Any) -> str:
    behaviour = replace(Behaviour(), **told)
    return f"/bins/{store.keep(database, behaviour, now=NOW)}"


def token(client: FlaskClient) -> str:
    found = re.search(
        r'name="csrf_token" value="([^"]+)"', client.get("/inspect/bins").text
    )
    assert found
    return found[1]


def send_form(
    client: FlaskClient, path: str = "/inspect/bins", **form: str
) -> TestResponse:
    form = {"csrf_token": token(client), **form}
    return client.post(path, data=form, headers=HTML)


def test_a_bin_is_made_by_a_form_and_shown(client: FlaskClient) -> None:
    made = send_form(client, status="418", body="<b>I'm</b>", failures="2", delay="0.1")
    assert made.status_code == 303

    shown = " ".join(client.get(made.location, headers=HTML).text.split())
    assert re.search(r"<code>http://localhost:5000/bins/[\w-]{22}</code>", shown)
    assert NAMING["bin"] in shown
    assert NAMING["bin"] in client.get("/inspect/bins", headers=HTML).text
    assert "The first 2 calls are answered 503" in shown
    assert "<dd>418</dd>" in shown and "<dd>0.1 s</dd>" in shown
    assert "&lt;b&gt;I&#39;m&lt;/b&gt;" in shown
    assert made.location.rpartition("/")[2] in client.get("/inspect/bins").text


def test_a_bin_is_not_made_without_our_own_page(client: FlaskClient) -> None:
    answer = client.post("/inspect/bins", data={"status": "200"})

    assert answer.json["error"]["code"] == "csrf_mismatch"
    assert "None yet." in client.get("/inspect/bins").text


def test_two_bins_have_nothing_in_common(client: FlaskClient) -> None:
    first, second = (send_form(client).location for _ in range(2))

    assert first != second


def test_a_bin_that_cannot_be_is_refused_with_a_page(client: FlaskClient) -> None:
    answer = send_form(client, headers="Set-Cookie: a=b")

    assert answer.status_code == 400
    assert "bin_unusable" in answer.text and "Retry-After" in answer.text


def test_there_are_only_so_many_bins(
    client: FlaskClient, database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "LIMIT", 2)
    kept = [make(database) for _ in range(2)]

    refused = send_form(client)
    assert (refused.status_code, "bins_full" in refused.text) == (409, True)

    send_form(client, f"/inspect{kept[0]}/remove")
    assert send_form(client).status_code == 303
    assert client.get(kept[0]).json["error"]["code"] == "unknown_bin"


def test_it_answers_as_it_was_told(client: FlaskClient, database: Engine) -> None:
    address = make(
        database,
        status=429,
        content_type="application/json",
        headers=(("Retry-After", "7"), ("Location", "/bins/other")),
        body='{"later": true}',
    )

    answer = client.post(address, json={"a": 1})

    assert (answer.status_code, answer.json) == (429, {"later": True})
    assert answer.headers["Retry-After"] == "7"
    assert answer.headers["Location"] == "/bins/other"


@pytest.mark.parametrize("status", [204, 205, 304])
def test_an_answer_without_body_has_no_type_either(
    client: FlaskClient, database: Engine, status: int
) -> None:
    answer = client.post(make(database, status=status))

    assert (answer.status_code, answer.data) == (status, b"")
    assert "Content-Type" not in answer.headers


def test_it_fails_so_many_times_and_then_succeeds(
    client: FlaskClient, database: Engine, recorder: Recorder
) -> None:
    address = make(database, failures=2, failing_status=500, body="ok")

    answers = [client.post(address) for _ in range(4)]

    assert [one.status_code for one in answers] == [500, 500, 200, 200]
    assert [one.text for one in answers] == [
        "failing on purpose: 1 of 2\n",
        "failing on purpose: 2 of 2\n",
        "ok",
        "ok",
    ]
    reasons = [one.reason for one in page(recorder.database, Filter()).rows]
    assert reasons == ["", "", "bin_failing", "bin_failing"]


@pytest.mark.parametrize(
    "method", "GET HEAD POST PUT PATCH DELETE OPTIONS BREW".split()
)
@pytest.mark.parametrize("below", ["", "/", "/a/b?c=d", "//twice", "/%2e%2e/me"])
def test_any_method_and_any_path_below_is_recorded(
    client: FlaskClient, database: Engine, recorder: Recorder, method: str, below: str
) -> None:
    address = make(database, body="heard")

    answer = client.open(address + below, method=method)

    assert answer.status_code == 200
    assert answer.text == ("" if method == "HEAD" else "heard")
    [row] = page(recorder.database, Filter()).rows
    assert (row.method, row.status, row.verdict) == (method, 200, "")
    assert row.path.startswith("/bins/")


def test_what_came_is_kept_without_its_secrets(
    client: FlaskClient, database: Engine, recorder: Recorder
) -> None:
    address = make(database)
    client.post(address, json={"event": "x", "password": "hunter2"})

    [row] = page(recorder.database, Filter()).rows
    call = recorder.find(row.id)
    assert call is not None
    assert '"event": "x"' in call.request_body and "hunter2" not in call.request_body
    shown = client.get(f"/inspect{address}", headers=HTML).text
    assert f'href="/inspect/{row.id}"' in shown


def test_each_bin_shows_its_own_calls(client: FlaskClient, database: Engine) -> None:
    first, second = make(database), make(database)
    client.post(f"{first}/mine")

    assert "/mine" in client.get(f"/inspect{first}").text
    assert "/mine" not in client.get(f"/inspect{second}").text
    assert "Nothing yet." in client.get(f"/inspect{second}").text


@pytest.mark.parametrize(
    ("headers", "kind"),
    [({"Sec-Fetch-Mode": "navigate"}, "redirect"), ({"User-Agent": "curl"}, "webhook")],
    ids=["browser", "server"],
)
def test_what_a_browser_brings_is_a_redirect(
    client: FlaskClient,
    database: Engine,
    recorder: Recorder,
    headers: dict[str, str],
    kind: str,
) -> None:
    client.get(make(database), headers=headers)

    assert page(recorder.database, Filter()).rows[0].kind == kind


def test_what_nobody_made_is_not_found_but_recorded(
    client: FlaskClient, recorder: Recorder
) -> None:
    answer = client.post("/bins/nobody/x")

    assert answer.json["error"]["code"] == "unknown_bin"
    assert page(recorder.database, Filter()).rows[0].reason == "unknown_bin"
    assert client.get("/inspect/bins/nobody").status_code == 404


def test_no_answer_can_act_on_our_origin(client: FlaskClient, database: Engine) -> None:
    address = make(
        database, body="<script>alert(1)</script>", content_type="text/plain"
    )

    for answer in (client.get(address), client.get(address, headers=HTML)):
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("sandbox; default-src 'none'")
        assert "allow-" not in policy
        assert answer.headers.getlist("Content-Security-Policy") == [policy]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.mimetype == "text/plain"
        assert "Set-Cookie" not in answer.headers
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_no_more_than_a_few_answers_wait(
    client: FlaskClient, database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float | None] = []

    class Told(Event):
        def wait(self, timeout: float | None = None) -> bool:
            waited.append(timeout)
            return False

    monkeypatch.setattr(catch, "Event", Told)
    address = make(database, delay=5.0)
    for _ in range(catch.AT_ONCE):
        assert catch._may_wait.acquire(blocking=False)
    try:
        busy = client.post(address)
    finally:
        for _ in range(catch.AT_ONCE):
            catch._may_wait.release()

    assert (busy.status_code, busy.json["error"]["code"]) == (503, "bin_busy")
    assert waited == []
    for _ in range(catch.AT_ONCE + 1):  # who has waited lets others wait
        assert client.post(address).status_code == 200
    assert waited == [5.0] * (catch.AT_ONCE + 1)


def test_the_bins_themselves_need_no_token_and_other_pages_still_do(
    client: FlaskClient, database: Engine
) -> None:
    assert client.post(make(database), data={"a": "b"}).status_code == 200
    assert client.post("/logout").status_code == 400
