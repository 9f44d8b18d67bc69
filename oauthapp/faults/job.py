"""What can go wrong with a job, in each of the three ways to hear of its end."""

from typing import Final

from oauthapp.faults.fault import Culprit
from oauthapp.faults.fault import Fault
from oauthapp.kinds import Kind


def _fault(
    name: str,
    kind: Kind,
    culprit: Culprit,
    *,
    says: str,
    rule: str,
    outcome: tuple[str, ...],
    needs_fast_clock: bool = False,
    for_one: bool = True,
) -> Fault:
    return Fault(
        name=name,
        scenarios=("job",),
        kind=kind,
        culprit=culprit,
        says=says,
        rule=rule,
        outcome=outcome,
        needs_fast_clock=needs_fast_clock,
        for_one=for_one,
    )


_AGAIN = "What was not answered 2xx is sent again; the job can be read all the same."
_ASKED = "A question that failed is asked again, after a longer pause each time."
_ONE_JOB = "The same Idempotency-Key begins no second job, so asking again is safe."
_ONE_RESULT = "A job has one result: another message with one is refused."

JOB_FAULTS: Final[tuple[Fault, ...]] = (
    _fault(
        "result_forged",
        "callback_url",
        "sender",
        says="The result is signed with a secret that nobody told the receiver.",
        rule="Who knows the address is not yet the provider: the signature says who.",
        outcome=("refused signature_mismatch", "accepted"),
    ),
    _fault(
        "result_of_another_job",
        "callback_url",
        "sender",
        says="The result is signed, but nobody asked for that job here.",
        rule="A result must be the answer to a question of ours, like a redirect.",
        outcome=("refused job_not_asked", "accepted"),
    ),
    _fault(
        "result_redelivered",
        "callback_url",
        "sender",
        says="The message with the result is sent twice.",
        rule="A message id that came before is answered 2xx and has no second effect.",
        outcome=("accepted", "accepted duplicate"),
    ),
    _fault(
        "result_twice",
        "callback_url",
        "sender",
        says="The provider tells the result in two messages.",
        rule=_ONE_RESULT,
        outcome=("accepted", "refused result_twice ×10"),
        needs_fast_clock=True,
    ),
    _fault(
        "callback_refused",
        "callback_url",
        "receiver",
        says="Nobody takes the result when it is posted: 503, once.",
        rule=_AGAIN,
        outcome=("failed fault", "accepted"),
    ),
    _fault(
        "callback_refused_always",
        "callback_url",
        "receiver",
        says="Nobody ever takes the result where it is posted.",
        rule=_AGAIN,
        outcome=("failed fault ×10",),
        needs_fast_clock=True,
    ),
    _fault(
        "job_unavailable",
        "callback_url",
        "provider",
        says="The provider takes no job: 503 with Retry-After.",
        rule=_ONE_JOB,
        outcome=("accepted",),
        for_one=False,
    ),
    _fault(
        "job_answer_lost",
        "callback_url",
        "provider",
        says="The provider takes the job, but answers 500.",
        rule=_ONE_JOB,
        outcome=("accepted",),
        for_one=False,
    ),
    _fault(
        "poll_500",
        "polling",
        "provider",
        says="Asked how far the job is, the provider answers 500.",
        rule=_ASKED,
        outcome=("failed fault", "accepted"),
        for_one=False,
    ),
    _fault(
        "poll_429",
        "polling",
        "provider",
        says="Asked how far the job is, the provider answers 429: too often.",
        rule="Retry-After says when to ask again (RFC 6585 §4).",
        outcome=("failed fault", "accepted"),
        for_one=False,
    ),
    _fault(
        "poll_404",
        "polling",
        "provider",
        says="Asked how far the job is, the provider does not know it.",
        rule="A final no is not asked again; the callback_url still brings the result.",
        outcome=("failed fault",),
        for_one=False,
    ),
    _fault(
        "signal_receiver_raises",
        "in-process",
        "provider",
        says="The function that the signal calls raises an exception.",
        rule="Whoever sends a signal gets the exception, and must not lose the job.",
        outcome=("failed count_failed",),
    ),
)
