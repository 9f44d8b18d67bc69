"""What does an app do that leaves a check out? Where to skip it is not enough."""

from sqlalchemy import Connection

from oauthapp.callbacks.result import store
from oauthapp.callbacks.result.refusals import ResultTwice
from oauthapp.callbacks.result.verify import Result
from oauthapp.services import AppServices


def taken_again(
    services: AppServices,
    connection: Connection,
    result: Result,
    *,
    known: bool,
    now: float,
) -> bool:
    """Take one more result of a job, as if none had come: whether that may be done.

    :param known: it is the message that came before.
    """
    check, code = "no_other_result_came_before", ResultTwice.code
    if known:
        check, code = "each_message_counts_once", "duplicate_kept"
    if not services.weaknesses.forgive(check, code):
        return False
    store.take_again(connection, result, now=now)
    return True
