"""Buttons that play a scenario, and the page of each fault."""

import re
from dataclasses import dataclass
from dataclasses import field

import pytest
from flask import Flask
from flask.testing import FlaskClient

from oauthapp.faults import FAULTS
from oauthapp.player import Performance
from oauthapp.recorder.store import Recorder
from tests.recorder.calls import RUN


@dataclass
class Stagehand:
    """Takes orders and plays nothing."""

    orders: list[tuple[str, str]] = field(default_factory=list)
    now: Performance | None = None
    done: Performance | None = None
    too_long: tuple[str, ...] = ()

    def can_play(self, fault: str) -> bool:
        return fault not in self.too_long

    def play(self, scenario: str, fault: str) -> bool:
        self.orders.append((scenario, fault))
        return self.now is None

    def under_way(self) -> Performance | None:
        return self.now

    def last(self, _scenario: str, _fault: str) -> Performance | None:
        return self.done


@pytest.fixture
def player(app: Flask) -> Stagehand:
    player = Stagehand()
    app.extensions["oauthapp.player"] = player
    return player


def press(client: FlaskClient, scenario: str, fault: str = "") -> tuple[int, str]:
    token = re.search('csrf_token" value="([^"]+)"', client.get("/").text)
    data = {"scenario": scenario, "fault": fault}
    if token:
        data["csrf_token"] = token[1]
    answer = client.post("/play", data=data)
    code = (answer.json or {}).get("error", {}).get("code", answer.location)
    return answer.status_code, code


def test_without_a_player_there_is_no_button(client: FlaskClient) -> None:
    for path in ("/", "/faults", "/faults/state_altered"):
        assert 'action="/play"' not in client.get(path).text


def test_a_button_begins_a_play_and_leads_to_what_comes_of_it(
    client: FlaskClient, player: Stagehand
) -> None:
    assert press(client, "login") == (303, "http://localhost:5000/?event=login")
    assert press(client, "login", "state_altered") == (
        303,
        "http://localhost:5000/faults/state_altered?event=login",
    )
    assert player.orders == [("login", ""), ("login", "state_altered")]


def test_one_scenario_is_played_at_a_time(
    client: FlaskClient, player: Stagehand
) -> None:
    player.now = Performance(scenario="logout", fault="")

    assert press(client, "login") == (409, "play_under_way")
    assert "Being played now: logout" in client.get("/").text


def test_who_has_to_wait_is_led_to_the_event_that_is_played(
    client: FlaskClient, player: Stagehand
) -> None:
    player.now = Performance(scenario="logout", fault="webhook_late")
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/").text)
    assert token is not None

    page = client.post(
        "/play",
        data={"scenario": "login", "csrf_token": token[1]},
        headers={"Accept": "text/html"},
    )

    assert 'href="/faults/webhook_late?event=logout"' in page.text


@pytest.mark.parametrize(
    ("scenario", "fault"),
    [("nothing", ""), ("", ""), ("login", "nothing"), ("logout", "state_altered")],
)
@pytest.mark.usefixtures("player")
def test_what_nobody_can_play_is_refused(
    client: FlaskClient, scenario: str, fault: str
) -> None:
    assert press(client, scenario, fault) == (404, "unknown_scenario")


@pytest.mark.usefixtures("player")
def test_another_site_cannot_press_the_button(client: FlaskClient) -> None:
    answer = client.post("/play", data={"scenario": "login"})

    assert answer.status_code == 400


def test_every_fault_has_its_page(client: FlaskClient) -> None:
    listed = client.get("/faults").text
    for fault in FAULTS.values():
        assert f'href="/faults/{fault.name}"' in listed
        assert client.get(f"/faults/{fault.name}").status_code == 200


def test_a_fault_nobody_knows_has_none(client: FlaskClient) -> None:
    assert client.get("/faults/nothing").status_code == 404


def test_what_was_played_is_shown_with_its_calls(
    client: FlaskClient, player: Stagehand, recorder: Recorder
) -> None:
    for one in RUN:
        recorder.keep(one)
    player.done = Performance(
        scenario="login", fault="state_altered", run="login", outcome=("accepted",)
    )

    shown = client.get("/faults/state_altered").text

    assert "<strong>not</strong> what has to come of it" in shown
    assert 'id="call-callback"' in shown


def test_what_takes_days_here_has_no_button_but_a_command(
    client: FlaskClient, player: Stagehand
) -> None:
    option = 'value="receiver_500_always"'
    assert option in client.get("/").text
    player.too_long = ("receiver_500_always",)

    shown = client.get("/faults/receiver_500_always").text

    assert 'action="/play"' not in shown
    command = "<code>oauthapp run login --fault receiver_500_always</code>"
    assert shown.count(command) == 1
    assert option not in client.get("/").text
    assert press(client, "login", "receiver_500_always") == (409, "clock_too_slow")
    assert player.orders == []
