"""Why a result is refused: one class a reason, in the order in which they are met.

What a signature lacks is told by `callbacks/webhook/refusals.py`.

ResultRefused
├── NotAResult            422, signed, but it does not tell a job's result
├── JobNotAsked           404, no export of ours waits for it
├── JobOfAnother          404, another provider was asked for it
├── JobMismatch           409, another job than the one that was begun for it
└── ResultTwice           409, the job has had its result, in another message

NoWorkGiven               404, this provider does no work for us
"""

from oauthapp.errors import NotFound
from oauthapp.errors import Refused


class ResultRefused(Refused):
    """This result is refused."""

    code = "result_refused"


class NotAResult(ResultRefused):
    """This message does not tell the result of a job."""

    code = "not_a_result"
    status = 422
    expected = "type job.finished, with data of job, reference, status, result, …"
    cause = "A webhook was sent to a callback_url, or the provider speaks otherwise."


class JobNotAsked(ResultRefused):
    """Nobody here asked this provider for that job."""

    code = "job_not_asked"
    status = 404
    expected = "the reference that we sent when we asked for the job"
    cause = "The job was begun by somebody else, or its export is not kept any more."


class JobOfAnother(ResultRefused):
    """Another provider than this one was asked for that job."""

    code = "job_of_another_provider"
    status = 404
    expected = "a result from the provider that was asked"
    cause = "A provider tells of work that was given to somebody else."


class JobMismatch(ResultRefused):
    """This is the result of another job than the one that was begun for us."""

    code = "job_mismatch"
    status = 409
    expected = "the job id that we were told when it was begun"


class ResultTwice(ResultRefused):
    """This job has had its result already, in another message."""

    code = "result_twice"
    status = 409
    expected = "one result for a job; the same message again is no second one"
    cause = "The provider tells a job's result twice, or somebody replays an old job."


class NoWorkGiven(NotFound):
    """No provider of this name does work for us."""

    code = "unknown_provider"
    remedy = "Give the provider `callback_secrets` in the settings, or check its name."


class ExportUnknown(NotFound):
    """There is no export at this address."""

    code = "export_unknown"
    cause = "The address is misspelled, or it was begun at another app."
