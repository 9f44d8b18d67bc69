"""Is this the result of a job that WE asked for? Pure.

The third of three twins. An answer at a redirect URI must belong to a question of
ours; a webhook nobody asked for must be signed. A result at a callback_url has to be
both: signed by the provider, and the one answer to one job that we began there.
"""

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import InitVar
from dataclasses import dataclass
from typing import Annotated
from typing import Any
from typing import Literal

import msgspec

from oauthapp.callbacks.result import refusals
from oauthapp.callbacks.result.refusals import NotAResult
from oauthapp.callbacks.result.refusals import ResultRefused
from oauthapp.callbacks.webhook.event import read_event
from oauthapp.callbacks.webhook.verify import Message

#: The event type of a result.
RESULT = "job.finished"

#: Unix seconds that a page can show.
Moment = Annotated[float, msgspec.Meta(ge=0, le=32_503_680_000)]

_SEAL = object()


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a signed message tells of a job."""

    job: Annotated[str, msgspec.Meta(pattern=r"\A[!-~]{1,255}\Z")]
    #: What we had sent along with our question.
    reference: Annotated[str, msgspec.Meta(pattern=r"\A[!-~]{1,255}\Z")]
    status: Literal["done"]
    result: dict[str, Any]
    #: When it was done, by the provider's clock.
    finished_at: Moment


@dataclass(frozen=True, kw_only=True)
class PendingExport:
    """What we know of a job that we asked for."""

    export_id: str
    provider: str
    #: None while the provider has not told it.
    job_id: str | None
    #: The message that told its result, if one did.
    callback_message: str | None


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """All that the checks may look at."""

    #: Signed by the provider.
    message: Message
    told: Told
    provider: str
    #: The export that `told.reference` stands for, if there is one.
    pending: PendingExport | None


@dataclass(frozen=True, kw_only=True)
class Result:
    """A result that was believed. Only this module can make one."""

    export_id: str
    job_id: str
    message_id: str
    result: Mapping[str, Any]
    finished_at: float
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("a Result is made by verifying one")


def read_told(message: Message) -> Told:
    """What a believed message tells of a job.

    :raises MessageRefused: it is no event.
    :raises NotAResult: it is another one.
    """
    event = read_event(message.body)
    if event.type != RESULT:
        raise NotAResult(arrived=f"type {event.type[:80]!a}")
    try:
        return msgspec.convert(event.data, Told)
    except msgspec.ValidationError as error:
        raise NotAResult(arrived=str(error)) from None


def somebody_here_waits_for_it(seen: Evidence) -> bool:
    return seen.pending is not None


def we_asked_this_provider(seen: Evidence) -> bool:
    return seen.pending is None or seen.pending.provider == seen.provider


def it_is_the_job_that_was_begun(seen: Evidence) -> bool:
    known = seen.pending and seen.pending.job_id
    return known is None or known == seen.told.job


def no_other_result_came_before(seen: Evidence) -> bool:
    before = seen.pending and seen.pending.callback_message
    return before is None or before == seen.message.id


Check = tuple[Callable[[Evidence], bool], type[ResultRefused]]

#: In this order; the first that does not hold is the reason.
CHECKS: Sequence[Check] = (
    (somebody_here_waits_for_it, refusals.JobNotAsked),
    (we_asked_this_provider, refusals.JobOfAnother),
    (it_is_the_job_that_was_begun, refusals.JobMismatch),
    (no_other_result_came_before, refusals.ResultTwice),
)


def believe(seen: Evidence, without: Collection[str] = frozenset()) -> Result:
    """The result, if it is that of a job that we asked for.

    :param without: names of checks that are off.
    :raises ResultRefused: naming the first check that does not hold.
    """
    for holds, refusal in CHECKS:
        if not holds(seen) and holds.__name__ not in without:
            told = seen.told
            raise refusal(arrived=f"job {told.job!a}, reference {told.reference!a}")
    return Result(
        export_id=seen.told.reference,
        job_id=seen.told.job,
        message_id=seen.message.id,
        result=seen.told.result,
        finished_at=seen.told.finished_at,
        seal=_SEAL,
    )
