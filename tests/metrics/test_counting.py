"""What was answered is counted once, and by words that stand in our own tables."""

import sys
from base64 import b64encode

import pytest
from flask import Flask

from oauthapp.errors import SettingsError
from oauthapp.metrics.counting import Counting
from oauthapp.recorder.call import note
from tests.metrics.conftest import read


def test_a_request_is_counted_by_its_route_method_and_class(
    both: dict[str, Flask],
) -> None:
    client = both["app"].test_client()
    for _ in range(3):
        client.get("/healthz")
    client.post("/webhooks/demo", json={})
    client.get("/webhooks/demo")
    counted = read(both["app"])

    requests = "oauthapp_app_requests_total"
    assert counted[requests, "GET", "/healthz", "2xx"] == 3
    assert counted[requests, "POST", "/webhooks/<source>", "4xx"] == 1
    assert counted[requests, "GET", "other", "4xx"] == 1
    assert counted["oauthapp_app_request_seconds_count",] == 5


def test_whatever_strangers_send_there_are_no_more_labels(
    both: dict[str, Flask],
) -> None:
    client = both["app"].test_client()
    for number in range(20):
        client.get(f"/nowhere/{number}")
        client.open("/healthz", method=f"ODD{number}")
        client.post(f"/webhooks/{number}", json={})
    counted = read(both["app"])

    requests = [name for name in counted if name[0] == "oauthapp_app_requests_total"]
    assert sorted(name[1:] for name in requests) == [
        ("GET", "other", "4xx"),
        ("POST", "/webhooks/<source>", "4xx"),
        ("other", "other", "4xx"),
    ]


def test_verdicts_are_counted_by_their_reason(both: dict[str, Flask]) -> None:
    client = both["app"].test_client()
    for _ in range(2):
        client.post("/webhooks/demo", json={})
    client.post("/webhooks/nobody", json={})
    counted = read(both["app"])

    verdicts = "oauthapp_app_verdicts_total"
    assert counted[verdicts, "webhook", "header_missing", "refused"] == 2
    assert counted[verdicts, "webhook", "unknown_source", "refused"] == 1


def test_a_reason_that_no_table_knows_is_another_one(both: dict[str, Flask]) -> None:
    app = both["app"]

    @app.get("/say/<word>")
    def say(word: str) -> str:
        note(verdict="failed", reason=word)
        return ""

    for number in range(5):
        app.test_client().get(f"/say/odd{number}")

    assert read(app)["oauthapp_app_verdicts_total", "redirect", "other", "failed"] == 5


def test_sign_ins_are_counted_by_what_became_of_them(both: dict[str, Flask]) -> None:
    both["app"].test_client().get("/callback/demo?state=forged&code=x")
    counted = read(both["app"])

    logins = [name[1:] for name in counted if name[0] == "oauthapp_app_logins_total"]
    assert [verdict for _, verdict in logins] == ["refused"]
    assert all(reason != "other" for reason, _ in logins)


def test_what_a_token_endpoint_refuses_is_counted_by_its_standard_name(
    both: dict[str, Flask],
) -> None:
    basic = b64encode(b"c:wrong").decode()
    both["provider"].test_client().post(
        "/token",
        data={"grant_type": "authorization_code", "code": "x"},
        headers={"Authorization": f"Basic {basic}"},
    )
    counted = read(both["provider"])

    verdicts = "oauthapp_provider_verdicts_total"
    assert counted[verdicts, "redirect", "invalid_client", "refused"] == 1


def test_nobody_needs_the_library_who_does_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "prometheus_client", None)

    with pytest.raises(SettingsError, match=r"pip install 'oauthapp\[metrics\]'"):
        Counting("app", list)
