"""What was played, told to people and machines."""

from pathlib import Path

import pytest

from oauthapp.faults import FAULTS
from oauthapp.playing.plays import PLAYS
from oauthapp.playing.report import everything
from oauthapp.scenarios import SCENARIOS

OUTCOMES = Path(__file__).parents[2] / "docs" / "outcomes.md"


def test_every_scenario_can_be_played_with_each_of_its_faults() -> None:
    played = list(everything())

    assert set(PLAYS) == set(SCENARIOS)
    for fault in FAULTS.values():
        assert {scenario for scenario, name in played if name == fault.name} == set(
            fault.scenarios
        )


@pytest.mark.parametrize(("scenario", "name"), [one for one in everything() if one[1]])
def test_the_table_of_outcomes_has_every_fault_as_it_was_played(
    scenario: str, name: str
) -> None:
    fault = FAULTS[name]
    outcome = ", ".join(f"`{words}`" for words in fault.outcome)

    row = f"| {scenario} | `{name}` | {fault.says} | {outcome} | {fault.rule} |"

    assert row in OUTCOMES.read_text(encoding="utf-8"), "make outcomes"
