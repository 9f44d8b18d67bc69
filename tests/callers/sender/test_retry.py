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


def decided(
    attempt: Attempt, *, turn: int = 1, dice: float = 0.5, factor: float = 1.0
) -> Decision:
    return decide(attempt, turn=turn, now=100.0, dice=dice, clock_factor=factor)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_2xx_is_delivered(status: int) -> None:
    assert decided(replace(FAILED, status=status)).status == "delivered"


@pytest.mark.parametrize("status", [None, 199, 300, 301, 307, 400, 404, 429, 500, 503])
def test_anything_else_is_tried_again(status: int | None) -> None:
    decision = decided(replace(FAILED, status=status))
    assert (decision.status, decision.reason) == ("pending", "http_500")


def test_410_is_dead_at_once_and_ends_the_endpoint() -> None:
    decision = decided(replace(FAILED, status=410))

    assert (decision.status, decision.gone, decision.alert) == ("dead", True, 100)
    assert not decided(FAILED).gone


def test_after_the_last_attempt_a_delivery_is_dead_but_not_before() -> None:
    assert decided(FAILED, turn=len(SCHEDULE) - 1).status == "pending"
    assert decided(FAILED, turn=len(SCHEDULE)).status == "dead"
    assert decided(FAILED, turn=len(SCHEDULE) + 1).status == "dead"


def test_the_last_attempt_may_still_succeed() -> None:
    last = replace(FAILED, status=204, reason="")
    assert decided(last, turn=len(SCHEDULE)).status == "delivered"


def test_after_a_replay_the_schedule_begins_anew() -> None:
    twelfth = replace(FAILED, number=12)
    assert decided(twelfth, turn=2).due_at == 400.0


@pytest.mark.parametrize(
    ("turn", "percent"),
    [(1, 0), (4, 0), (5, 50), (6, 0), (7, 70), (8, 0), (9, 90), (10, 100)],
)
def test_somebody_is_told_when_much_of_the_schedule_is_used_up(
    turn: int, percent: int
) -> None:
    assert decided(FAILED, turn=turn).alert == percent


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_endpoint_gets_nothing_at_all_for_a_while(status: int) -> None:
    busy = replace(FAILED, status=status)

    assert decided(busy).rest_until == 105.0
    assert decided(busy, turn=5).rest_until == 160.0  # a minute at the most
    assert decided(busy, turn=5, factor=60).rest_until == 101.0


@pytest.mark.parametrize("status", [None, 500, 501, 404])
def test_an_endpoint_that_fails_otherwise_is_not_held_back(status: int | None) -> None:
    assert decided(replace(FAILED, status=status)).rest_until == 0


@pytest.mark.parametrize(
    ("asked", "waits"), [(0.0, 5), (4.9, 5), (7.0, 7), (10.0, 10), (3600.0, 10)]
)
def test_retry_after_is_obeyed_between_once_and_twice_the_pause(
    asked: float, waits: float
) -> None:
    busy = replace(FAILED, status=429, retry_after=asked)
    assert decided(busy).due_at == 100.0 + waits


def test_the_pauses_are_those_of_the_schedule() -> None:
    hours = [5, 300, 1800, *(h * 3600 for h in (2, 5, 10, 14, 20, 24))]
    pauses = [pause(n, dice=0.5, clock_factor=1) for n in range(1, len(SCHEDULE))]
    assert pauses == hours
    assert decided(FAILED).due_at == 105.0


def test_a_clock_factor_makes_pauses_shorter() -> None:
    assert decided(FAILED, turn=9, factor=86400).due_at == 101.0


@given(st.integers(1, 9), st.floats(0, 1))
def test_jitter_moves_a_pause_by_a_fifth_at_most(number: int, dice: float) -> None:
    waited = pause(number, dice=dice, clock_factor=1)
    assert 0.8 * SCHEDULE[number] - 1e-6 <= waited <= 1.2 * SCHEDULE[number] + 1e-6
    assert pause(number, dice=0, clock_factor=1) < pause(number, dice=1, clock_factor=1)
