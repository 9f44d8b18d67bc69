"""The checklist: what it shows, and what its buttons do."""

import re
from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from oauthapp.recorder.store import Recorder
from oauthapp.safeguards import SAFEGUARDS
from tests.recorder.calls import GOOD

CHECK = "state_is_signed_by_us"
OURS = "http://localhost:5000"


class Player:
    """Plays nothing."""

    def can_play(self, _fault: str) -> bool:
        return True

    def under_way(self) -> None:
        return None


def page(client: FlaskClient, path: str = "/security") -> str:
    answer = client.get(path, headers={"Accept": "text/html"}, base_url=OURS)
    return " ".join(answer.text.split())


def press(client: FlaskClient, action: str, **fields: str) -> TestResponse:
    """Send one of the page's forms."""
    shown = page(client)
    token = re.search('name="csrf_token" value="([^"]+)"', shown)
    assert token is not None
    data = {"csrf_token": token[1], **fields}
    return client.post(action, data=data, base_url=OURS)


def off(app: Flask) -> frozenset[str]:
    return app.extensions["oauthapp"].weaknesses.off


def test_before_any_call_nothing_is_checked_yet(client: FlaskClient) -> None:
    shown = page(client)

    assert f"Not checked yet</span> {len(SAFEGUARDS)}" in shown
    for name, one in SAFEGUARDS.items():
        assert f'id="{name}"' in shown
        assert one.source in shown


def test_a_refused_call_proves_that_its_check_held(
    client: FlaskClient, recorder: Recorder
) -> None:
    refused = replace(
        GOOD, id="proof", status=400, verdict="refused", reason="state_forged"
    )
    recorder.keep(refused)

    shown = page(client)

    assert "Pass: held</span> 1" in shown
    assert '<a href="/inspect/proof">GET / at ' in shown
    assert "was answered 400: refused, reason <code>state_forged</code>." in shown


def test_a_call_that_came_in_for_want_of_a_check_proves_that_it_failed(
    client: FlaskClient, recorder: Recorder
) -> None:
    recorder.keep(replace(GOOD, verdict="accepted", reason="state_forged"))

    shown = page(client)

    assert "Fail: let through</span> 1" in shown
    assert "It came in because this check was off; it is on again since." in shown


def test_machines_are_told_the_same_as_json(
    client: FlaskClient, recorder: Recorder
) -> None:
    recorder.keep(replace(GOOD, id="proof", verdict="refused", reason="state_forged"))

    told = {one["name"]: one for one in client.get("/security").get_json()["checks"]}

    assert list(told) == list(SAFEGUARDS)
    assert told[CHECK] == {
        "name": CHECK,
        "kind": "redirect",
        "title": "The state is one that we made",
        "verdict": "pass",
        "call": "proof",
        "off": False,
        "always_on": None,
        "tried_by": told[CHECK]["tried_by"],
    }
    assert "state_altered" in told[CHECK]["tried_by"]


def test_a_check_is_switched_off_and_on_again_by_its_button(
    app: Flask, client: FlaskClient
) -> None:
    answer = press(client, "/security/switch", check=CHECK, off="yes")

    assert (answer.status_code, answer.location) == (303, f"/security#{CHECK}")
    assert off(app) == {CHECK}

    press(client, "/security/switch", check=CHECK, off="no")

    assert off(app) == frozenset()


def test_all_are_on_again_by_one_button(app: Flask, client: FlaskClient) -> None:
    for name in (CHECK, "state_came"):
        press(client, "/security/switch", check=name, off="yes")

    assert press(client, "/security/all-on").status_code == 303

    assert off(app) == frozenset()


@pytest.mark.parametrize("path", ["/", "/me", "/nowhere", "/security"])
def test_every_page_warns_while_a_check_is_off(
    app: Flask, client: FlaskClient, path: str
) -> None:
    assert "Open to attack" not in page(client, path)

    app.extensions["oauthapp"].weaknesses.switch(CHECK, off=True)

    shown = page(client, path)
    warning = shown[shown.index('role="alert"') :]
    assert "Open to attack, on purpose." in warning
    assert "1 check is off" in warning
    assert CHECK in warning


def test_a_form_of_another_site_switches_nothing(
    app: Flask, client: FlaskClient
) -> None:
    fields = {"check": CHECK, "off": "yes"}

    assert client.post("/security/switch", data=fields).status_code == 400
    assert client.post("/security/all-on").status_code == 400
    assert off(app) == frozenset()


@pytest.mark.parametrize(
    ("check", "status", "code"),
    [
        ("nonsense", 404, "unknown_check"),
        ("", 404, "unknown_check"),
        ("state_was_pending", 400, "check_always_on"),
    ],
)
def test_what_cannot_be_off_stays_on(
    app: Flask, client: FlaskClient, check: str, status: int, code: str
) -> None:
    answer = press(client, "/security/switch", check=check, off="yes")

    assert (answer.status_code, answer.get_json()["error"]["code"]) == (status, code)
    assert off(app) == frozenset()


@pytest.mark.parametrize("action", ["/security/switch", "/security/all-on"])
def test_elsewhere_than_on_ones_own_machine_nothing_is_switched(
    make_app: Callable[..., Flask], action: str
) -> None:
    there = "https://app.example"
    app = make_app(base_url=there)
    client = app.test_client()
    app.config["WTF_CSRF_ENABLED"] = False  # so that it is not what refuses

    form = {"check": CHECK, "off": "yes"}
    answer = client.post(action, data=form, base_url=there)

    assert answer.status_code == 403
    assert answer.get_json()["error"]["code"] == "not_on_loopback"
    assert "Switch off" not in page(client)


def test_a_name_that_was_made_to_lead_here_switches_nothing(
    app: Flask, client: FlaskClient
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False  # it could read the token

    answer = client.post(
        "/security/switch",
        data={"check": CHECK, "off": "yes"},
        base_url="http://evil.example:5000",
    )

    assert answer.get_json()["error"]["code"] == "not_on_loopback"
    assert off(app) == frozenset()


def test_a_fault_is_played_by_its_button_where_somebody_plays(
    app: Flask, client: FlaskClient
) -> None:
    button = ">Try state_altered</button>"
    assert button not in page(client)

    app.extensions["oauthapp.player"] = Player()

    shown = page(client)
    assert button in shown
    assert '<input type="hidden" name="fault" value="state_altered">' in shown


def test_settings_may_leave_checks_out_from_the_start(
    make_app: Callable[..., Flask], caplog: pytest.LogCaptureFixture
) -> None:
    app = make_app(without=[CHECK])

    assert off(app) == {CHECK}
    assert "open to attack: off are state_is_signed_by_us" in caplog.text
    assert msgspec.to_builtins(app.extensions["oauthapp"].settings)["without"]
