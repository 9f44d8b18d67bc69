"""What becomes of a delivery after an attempt? It decides and does not wait. Pure."""

from dataclasses import dataclass
from typing import Literal

#: Seconds before each attempt; ten of them, spread over three days.
SCHEDULE = (0, 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
#: A pause is up to this part longer or shorter, so that retries do not come in herds.
JITTER = 0.2
#: The endpoint exists no more (RFC 9110 §15.5.11).
GONE = 410
#: The endpoint has too much to do: everything for it slows down.
BUSY = frozenset({429, 502, 503, 504})
#: The longest an endpoint is left alone altogether, in seconds.
LONGEST_REST = 60.0
#: Attempts after which somebody should look: 50, 70, 90 and 100 % of the schedule.
ALERT_AT = frozenset({5, 7, 9, 10})


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
    #: What the message was signed with, in unix seconds.
    timestamp: int = 0
    #: The beginning of the answer.
    answer: str = ""
    #: Seconds the endpoint asked us to wait.
    retry_after: float | None = None


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What the delivery is from now on."""

    status: Literal["pending", "delivered", "dead"]
    #: When the next attempt is due, while it is pending.
    due_at: float
    reason: str
    #: Until when nothing at all goes to this endpoint.
    rest_until: float = 0.0
    #: Nothing must ever go there again.
    gone: bool = False
    #: How much of the schedule is used up, in percent, when somebody should know.
    alert: int = 0


def decide(
    attempt: Attempt, *, turn: int, now: float, dice: float, clock_factor: float
) -> Decision:
    """Delivered, dead when gone or out of attempts, else tried again.

    :param turn: which of the schedule's attempts this was, counted from 1; after a
        replay it starts anew.
    :param dice: a random number from 0 to 1, which places the pause in its jitter.
    """
    if attempt.status is not None and is_success(attempt.status):
        return Decision(status="delivered", due_at=now, reason="")
    gone = attempt.status == GONE
    used_up = 100 if gone else 100 * turn // len(SCHEDULE)
    alert = used_up if gone or turn in ALERT_AT else 0
    if gone or turn >= len(SCHEDULE):
        return Decision(
            status="dead", due_at=now, reason=attempt.reason, gone=gone, alert=alert
        )
    wait = pause(turn, dice=dice, clock_factor=clock_factor)
    if attempt.retry_after is not None:
        wait = min(max(wait, attempt.retry_after), 2 * wait)
    rest = min(wait, LONGEST_REST / clock_factor) if attempt.status in BUSY else 0.0
    return Decision(
        status="pending",
        due_at=now + wait,
        reason=attempt.reason,
        rest_until=now + rest if rest else 0.0,
        alert=alert,
    )


def is_success(status: int) -> bool:
    """2xx alone. A redirect is none: whoever answers there did not register for it."""
    return 200 <= status <= 299


def pause(turn: int, *, dice: float, clock_factor: float) -> float:
    """Seconds to wait after attempt `turn`."""
    return SCHEDULE[turn] * (1 + JITTER * (2 * dice - 1)) / clock_factor
