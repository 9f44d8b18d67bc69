"""Which call shows what a check does? The newest of each reason, found by index."""

from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy import literal_column
from sqlalchemy import select

from oauthapp.recorder.call import Verdict
from oauthapp.schema.recorder import calls

#: As the index says it, which holds only calls with a reason.
_HAS_REASON = calls.c.reason != literal_column("''")


@dataclass(frozen=True, kw_only=True)
class Proof:
    """A call that was judged, as far as a list shows it."""

    #: Counts the calls: the higher, the newer.
    number: int
    id: str
    at: float
    method: str
    path: str
    status: int | None
    verdict: Verdict
    #: Several, parted by spaces, where a call was remarkable for more than one.
    reason: str


def newest_by_reason(connection: Connection) -> Mapping[str, Proof]:
    """The newest call of each reason code."""
    found: dict[str, Proof] = {}
    for reason in _reasons(connection):
        proof = _newest(connection, reason)
        for code in reason.split():
            if code not in found or found[code].number < proof.number:
                found[code] = proof
    return found


def _reasons(connection: Connection) -> Iterator[str]:
    """Each reason there is: one step in the index for each, however many calls."""
    least = select(calls.c.reason).where(_HAS_REASON).order_by(calls.c.reason).limit(1)
    reason = connection.execute(least).scalar()
    while reason is not None:
        yield reason
        reason = connection.execute(least.where(calls.c.reason > reason)).scalar()


def _newest(connection: Connection, reason: str) -> Proof:
    statement = (
        select(
            calls.c.number,
            calls.c.id,
            calls.c.at,
            calls.c.method,
            calls.c.path,
            calls.c.status,
            calls.c.verdict,
        )
        .where(_HAS_REASON, calls.c.reason == reason)
        .order_by(calls.c.number.desc())
        .limit(1)
    )
    row = connection.execute(statement).one()
    return Proof(
        number=row.number,
        id=row.id,
        at=row.at,
        method=row.method,
        path=row.path,
        status=row.status,
        verdict=row.verdict,
        reason=reason,
    )
