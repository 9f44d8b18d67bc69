"""What was answered 204 is kept and has its effect once, whatever is killed.

The short version; `python -m bench.kill_webhook` kills fifty times.
"""

import pytest

from bench.kill_webhook import run


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_three_kills_lose_and_repeat_nothing(
    database: str, request: pytest.FixtureRequest
) -> None:
    if database == "postgresql":
        request.getfixturevalue("postgresql")  # skips where there is none

    outcome = run(database, kills=3, seed=3, senders=4, pause=0.05)

    assert outcome.sound, outcome
    assert sum(outcome.kills.values()) == 3
