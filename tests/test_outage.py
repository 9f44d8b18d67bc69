"""A store that is away is told once, not every second."""

import logging

import pytest

from oauthapp.outage import Outage


def test_the_same_failure_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    outage = Outage("worker")
    for _ in range(3):
        outage.failed(OSError("the store is away"))

    assert [one.getMessage() for one in caplog.records] == ["worker: OSError"]


def test_another_failure_is_logged_too(caplog: pytest.LogCaptureFixture) -> None:
    outage = Outage("worker")
    outage.failed(OSError())
    outage.failed(ValueError())

    assert [one.exc_info and one.exc_info[0] for one in caplog.records] == [
        OSError,
        ValueError,
    ]


def test_its_end_is_logged_with_how_often_it_failed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outage = Outage("worker")
    outage.failed(OSError())
    outage.failed(OSError())
    outage.worked()
    outage.worked()

    told = [one for one in caplog.records if one.levelno == logging.WARNING]
    assert [one.getMessage() for one in told] == [
        "worker: works again, 2 rounds had failed"
    ]


def test_what_fails_again_later_is_logged_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outage = Outage("worker")
    for _ in range(2):
        outage.failed(OSError())
        outage.worked()

    assert [one.levelname for one in caplog.records] == ["ERROR", "WARNING"] * 2
