"""`oauthapp run`: what it plays, says and gives as its exit code."""

import json

import pytest
from click.testing import CliRunner
from click.testing import Result

from oauthapp.cli import main
from oauthapp.faults import FAULTS
from oauthapp.scenarios import SCENARIOS


def oauthapp(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["run", *arguments])


@pytest.mark.parametrize("scenario", ["login", "logout"])
def test_a_scenario_without_a_fault_brings_every_kind_of_callback(
    scenario: str,
) -> None:
    result = oauthapp(scenario, "--json")

    told = json.loads(result.output)
    assert result.exit_code == 0
    assert told["as_documented"]
    assert told["outcome"] == [
        f"{kind}: accepted" for kind in SCENARIOS[scenario].kinds
    ]
    assert {call["kind"] for call in told["calls"]} == set(SCENARIOS[scenario].kinds)


def test_the_calls_are_told_in_words() -> None:
    result = oauthapp("login")

    assert "GET    /callback/demo" in result.output
    assert "As documented." in result.output


def test_the_list_names_every_scenario_and_fault() -> None:
    listed = oauthapp("--list").output

    assert all(name in listed for name in (*SCENARIOS, *FAULTS))


def test_a_fault_of_another_scenario_is_wrong_usage() -> None:
    result = oauthapp("logout", "--fault", "state_altered")

    assert result.exit_code == 2
    assert "state_altered is a fault of login" in result.output


def test_nothing_to_play_is_wrong_usage() -> None:
    result = oauthapp()

    assert result.exit_code == 2
    assert "name a SCENARIO" in result.output
