"""Replicas of everything are killed while people sign in and webhooks come.

The short version; `python -m bench.replicas` kills sixty times.
"""

import pytest

from bench.replicas import run
from bench.replicas import sound

SHORT = {"logins": 10, "webhooks": 300, "kills": 2, "seed": 7}
LONG = {"logins": 500, "webhooks": 5000, "kills": 20, "seed": 7}


@pytest.mark.parametrize(
    "much",
    [
        pytest.param(SHORT, id="short"),
        pytest.param(
            LONG, id="long", marks=[pytest.mark.chaos, pytest.mark.timeout(1800)]
        ),
    ],
)
@pytest.mark.usefixtures("postgresql")  # skips where there is none
def test_kills_lose_and_repeat_nothing(much: dict[str, int]) -> None:
    found = run("postgresql", replicas=(2, 1, 1), **much)

    assert sound(found), found
    assert found["logins"] == much["logins"]
    assert found["webhooks"] == much["webhooks"]
    assert found["kills"] > 0
