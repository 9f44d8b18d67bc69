"""What our own code hears of a finished job: a callback in the same process.

Whoever connects a function is called at once, with the job itself and no copy of it,
by whoever sends the signal; what it raises, the sender gets. If the process dies
before the signal is sent, nobody sends it again.
"""

from blinker import Namespace
from sqlalchemy.exc import SQLAlchemyError

from oauthapp.callers.jobs import store
from oauthapp.callers.jobs.misbehaving import RAISES
from oauthapp.callers.jobs.store import Job
from oauthapp.control.taking import take
from oauthapp.database import writing
from oauthapp.errors import CallFailed
from oauthapp.services import ProviderServices

JOB_FINISHED = "job_finished"
job_finished = Namespace().signal(JOB_FINISHED)


class CountFailed(CallFailed):
    """The function that counts finished jobs could not count this one."""

    code = "count_failed"
    cause = "It raised; whoever sent the signal got the exception, at once."
    remedy = "The job is done all the same; nobody sends the signal again."


@job_finished.connect
def count(services: ProviderServices, *, job: Job) -> None:
    """Count the job for its client.

    :raises CountFailed: it is done, but not counted.
    """
    if take(services, RAISES, target=job.client_id):
        raise CountFailed
    try:
        with writing(services.database) as connection:
            store.count_finished(connection, job)
    except SQLAlchemyError:
        raise CountFailed from None
