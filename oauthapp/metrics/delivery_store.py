"""What became of the sender's deliveries, and of each attempt?"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy import func
from sqlalchemy import select

from oauthapp.database import reading
from oauthapp.schema.sender import attempts
from oauthapp.schema.sender import deliveries


@dataclass(frozen=True, kw_only=True)
class Sent:
    """Numbers of both, by what came of them."""

    #: By status: pending, delivered, dead.
    deliveries: Mapping[str, int]
    #: By the class of the answer's status, "none" where there was no answer.
    attempts: Mapping[str, int]
    #: When the oldest that is pending was to be sent.
    since: float | None


def look(engine: Engine) -> Sent:
    """It takes the longer the more were ever sent."""
    by_status = select(deliveries.c.status, func.count()).group_by(deliveries.c.status)
    by_answer = select(attempts.c.status, func.count()).group_by(attempts.c.status)
    oldest = select(func.min(deliveries.c.due_at)).where(
        deliveries.c.status == "pending"
    )
    with reading(engine) as connection:
        numbers = {row[0]: row[1] for row in connection.execute(by_status)}
        answers: dict[str, int] = {}
        for status, count in connection.execute(by_answer):
            name = "none" if status is None else f"{status // 100}xx"
            answers[name] = answers.get(name, 0) + count
        since = connection.execute(oldest).scalar_one()
    return Sent(deliveries=numbers, attempts=answers, since=since)
