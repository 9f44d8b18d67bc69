"""What becomes of a delivery after an attempt? It decides and does not wait. Pure."""

from dataclasses import dataclass
from typing import Literal

#: Seconds before each attempt; ten of them, spread over three days.
SCHEDULE = (0, 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
#: A pause is up to this part longer or shorter, so that retries do not come in herds.
JITTER = 0.2

GONE = 410


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One call to an endpoint and what came of it."""

    #: Counts from 1.
    number: int
    at: float
    ms: float
    #: None when there was no answer.
    status: int | None
    #: Why it did not succeed, "" when it did.
    reason: str


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What the delivery is from now on."""

    status: Literal["pending", "delivered", "dead"]
    #: When the next attempt is due, while it is pending.
    due_at: float
    reason: str


def decide(
    attempt: Attempt, *, now: float, dice: float, clock_factor: float
) -> Decision:
    """Delivered, dead when gone or out of attempts, else tried again.

    :param dice: a random number from 0 to 1, which places the pause in its jitter.
    """
    if attempt.status is not None and is_success(attempt.status):
        return Decision(status="delivered", due_at=now, reason="")
    if attempt.status == GONE or attempt.number >= len(SCHEDULE):
        return Decision(status="dead", due_at=now, reason=attempt.reason)
    wait = pause(attempt.number, dice=dice, clock_factor=clock_factor)
    return Decision(status="pending", due_at=now + wait, reason=attempt.reason)


def is_success(status: int) -> bool:
    """2xx alone. A redirect is none: whoever answers there did not register for it."""
    return 200 <= status <= 299


def pause(number: int, *, dice: float, clock_factor: float) -> float:
    """Seconds to wait after attempt `number`."""
    return SCHEDULE[number] * (1 + JITTER * (2 * dice - 1)) / clock_factor
