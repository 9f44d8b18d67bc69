"""Whoever takes too long is given up on a running demo, as the table says."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from oauthapp.demo import Demo
from oauthapp.demo import running_demo
from oauthapp.demo import stage_of
from oauthapp.faults import FAULTS
from oauthapp.playing.perform import perform

#: Those that end when somebody's time is up.
SLOW = ("token_slow", "token_hang", "receiver_slow")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Nobody has longer than the fastest clock leaves them."""
    folder: Path = tmp_path_factory.mktemp("demo")
    with running_demo(
        folder, app_port=0, provider_port=0, clock_factor=1_000_000
    ) as one:
        yield one


@pytest.mark.parametrize("fault", SLOW)
def test_it_ends_as_the_table_says(demo: Demo, fault: str) -> None:
    done = perform(stage_of(demo), demo.recorder, "login", fault)

    assert done.performance.problem == ""
    assert done.performance.outcome == FAULTS[fault].outcome
