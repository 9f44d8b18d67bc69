"""Counts what was accepted and refused, and says so at the end of the run."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.generated.million import EXAMPLES

TALLIES: dict[str, Counter[bool]] = {}


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Iterator[Counter[bool]]:
    """Count verdicts in it. A test that only ever saw one of the two proves nothing."""
    counted = TALLIES[request.node.name] = Counter()
    yield counted
    assert counted.total() >= EXAMPLES
    assert counted[True] >= EXAMPLES // 100
    assert counted[False] >= EXAMPLES // 100


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if TALLIES:
        terminalreporter.section("generated values")
    for name, counted in TALLIES.items():
        terminalreporter.write_line(
            f"{counted.total():>8} values, {counted[True]:>7} accepted, "
            f"{counted[False]:>7} refused: {name}"
        )
