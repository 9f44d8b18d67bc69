"""A pytest plugin: tests in an order that a seed decides, the same in every process."""

from random import Random

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--seed`, which xdist tells its workers, too."""
    parser.addoption("--seed", type=int, required=True)


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Shuffle them."""
    Random(config.getoption("seed")).shuffle(items)
