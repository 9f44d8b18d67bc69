"""What becomes of a delivery after an attempt."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauthapp.callers.sender.retry import SCHEDULE
from oauthapp.callers.sender.retry import Attempt
from oauthapp.callers.sender.retry import Decision
from oauthapp.callers.sender.retry import decide
from oauthapp.callers.sender.retry import pause

FAILED = Attempt(number=1, at=100.0, ms=5.0, status=500, reason="http_500")


def decided(attempt: Attempt, *, dice: float = 0.5, factor: float = 1.0) -> Decision:
    return decide(attempt, now=100.0, dice=dice, clock_factor=factor)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_2xx_is_delivered(status: int) -> None:
    assert decided(replace(FAILED, status=status)).status == "delivered"


@pytest.mark.parametrize("status", [None, 199, 300, 301, 307, 400, 404, 429, 500, 503])
def test_anything_else_is_tried_again(status: int | None) -> None:
    decision = decided(replace(FAILED, status=status))
    assert (decision.status, decision.reason) == ("pending", "http_500")


def test_410_is_dead_at_once() -> None:
    assert decided(replace(FAILED, status=410)).status == "dead"


def test_after_the_last_attempt_a_delivery_is_dead_but_not_before() -> None:
    assert decided(replace(FAILED, number=len(SCHEDULE) - 1)).status == "pending"
    assert decided(replace(FAILED, number=len(SCHEDULE))).status == "dead"
    assert decided(replace(FAILED, number=len(SCHEDULE) + 1)).status == "dead"


def test_the_last_attempt_may_still_succeed() -> None:
    last = replace(FAILED, number=len(SCHEDULE), status=204, reason="")
    assert decided(last).status == "delivered"


def test_the_pauses_are_those_of_the_schedule() -> None:
    hours = [5, 300, 1800, *(h * 3600 for h in (2, 5, 10, 14, 20, 24))]
    pauses = [pause(n, dice=0.5, clock_factor=1) for n in range(1, len(SCHEDULE))]
    assert pauses == hours
    assert decided(FAILED).due_at == 105.0


def test_a_clock_factor_makes_pauses_shorter() -> None:
    assert decided(replace(FAILED, number=9), factor=86400).due_at == 101.0


@given(st.integers(1, 9), st.floats(0, 1))
def test_jitter_moves_a_pause_by_a_fifth_at_most(number: int, dice: float) -> None:
    waited = pause(number, dice=dice, clock_factor=1)
    assert 0.8 * SCHEDULE[number] - 1e-6 <= waited <= 1.2 * SCHEDULE[number] + 1e-6
    assert pause(number, dice=0, clock_factor=1) < pause(number, dice=1, clock_factor=1)
