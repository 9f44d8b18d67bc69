"""A recorded call as a file: named, typed, and never shown in the page's place."""

import ast
import json
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from oauthapp.recorder.store import Recorder
from oauthapp.ui.export_routes import FORMATS
from tests.callbacks.webhook import senders
from tests.recorder.calls import CALLBACK
from tests.recorder.calls import CODE
from tests.recorder.calls import DELIVERY
from tests.recorder.calls import GOOD
from tests.recorder.calls import RUN
from tests.recorder.calls import SID
from tests.recorder.calls import STATE
from tests.recorder.calls import WEBHOOK

TYPES = {
    "curl": ("call-callback.sh", "text/plain"),
    "http": ("call-callback.http.txt", "text/plain"),
    "har": ("call-callback.har", "application/json"),
    "pytest": ("test_call_callback.py", "text/x-python"),
    "run-har": ("run-callback.har", "application/json"),
    "mermaid": ("run-callback.mmd", "text/vnd.mermaid"),
}


@pytest.fixture(autouse=True)
def login(recorder: Recorder) -> None:
    for one in RUN:
        recorder.keep(one)


def export(client: FlaskClient, name: str, call: str = "callback") -> TestResponse:
    return client.get(f"/inspect/{call}/export/{name}")


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_a_file_to_be_saved(client: FlaskClient, name: str) -> None:
    answer = export(client, name)

    file_name, media_type = TYPES[name]
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="{file_name}"'
    )
    assert answer.headers["Content-Type"] == f"{media_type}; charset=utf-8"
    assert answer.headers.getlist("X-Content-Type-Options") == ["nosniff"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", FORMATS)
def test_no_secret_is_exported(client: FlaskClient, name: str) -> None:
    text = export(client, name).text

    for secret in (STATE, CODE, SID):
        assert secret not in text


def test_each_format_is_what_it_says(client: FlaskClient) -> None:
    assert export(client, "curl").text.count("curl --globoff") == 1
    assert export(client, "http").text.startswith("GET /callback/demo?code=[code ")
    assert len(json.loads(export(client, "har").text)["log"]["entries"]) == 1
    assert len(json.loads(export(client, "run-har").text)["log"]["entries"]) == 7
    assert export(client, "mermaid").text.startswith("sequenceDiagram\n")
    assert ast.parse(export(client, "pytest").text)


def test_a_format_that_is_none_is_not_found(client: FlaskClient) -> None:
    answer = export(client, "exe")

    assert answer.status_code == 404
    assert answer.json
    assert answer.json["error"]["code"] == "unknown_format"
    assert "curl" in answer.json["error"]["expected"]


def test_a_call_that_is_none_is_not_found(client: FlaskClient) -> None:
    assert export(client, "curl", "nothing").status_code == 404


def test_what_cannot_be_a_test_says_why(client: FlaskClient) -> None:
    answer = export(client, "pytest", "token")

    assert answer.status_code == 422
    assert answer.json
    assert answer.json["error"]["code"] == "no_test_possible"
    assert "provider" in answer.json["error"]["arrived"]


def test_of_a_call_that_was_heard_twice_the_answering_side_is_the_test(
    client: FlaskClient, recorder: Recorder
) -> None:
    signed = tuple(senders.standard().items())
    at = float(senders.NOW)
    sent = replace(DELIVERY, id="sent", request_headers=signed, at=at)
    recorder.keep(sent)
    recorder.keep(
        replace(WEBHOOK, id="heard", caller_id="sent", request_headers=signed, at=at)
    )

    text = export(client, "pytest", "sent").text

    assert "test_this_webhook_is_accepted" in text
    assert export(client, "pytest", "heard").text == text


def test_a_file_name_holds_nothing_but_letters_and_digits(
    client: FlaskClient, recorder: Recorder
) -> None:
    odd = '"; filename="x.exe\x7f' + "y" * 100
    recorder.keep(replace(CALLBACK, id=odd))

    answer = client.get("/inspect/" + odd.replace(";", "%3B") + "/export/http")

    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="call-filenamexexe{"y" * 20}.http.txt"'
    )


def test_looking_at_a_call_is_not_recorded(
    client: FlaskClient, recorder: Recorder
) -> None:
    before = recorder.run(recorder.find("callback"))
    recorder.keep(replace(GOOD, id="one"))
    export(client, "har", "one")

    assert recorder.run(recorder.find("callback")) == before
    assert recorder.latest(party="app", method="GET", path="/inspect") is None
