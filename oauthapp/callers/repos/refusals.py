"""Why a report about a commit is refused: one class a reason.

RepositoryUnknown, CommitUnknown        404
StatusRefused             the report is not one
├── StatusNotJson         415
├── StatusMalformed       422
└── StatusNotAllowed      403, not this client's to say
"""

from oauthapp.errors import NotFound
from oauthapp.errors import Refused


class RepositoryUnknown(NotFound):
    """There is no repository of this name here."""

    code = "repository_unknown"


class CommitUnknown(NotFound):
    """Nobody pushed this commit here."""

    code = "commit_unknown"


class StatusRefused(Refused):
    """This report about a commit is refused."""

    code = "status_refused"


class StatusNotJson(StatusRefused):
    """A report about a commit is JSON."""

    code = "not_json"
    status = 415
    expected = "Content-Type: application/json"


class StatusMalformed(StatusRefused):
    """This does not say how a build went."""

    code = "status_malformed"
    status = 422
    expected = '{"state": "success"} or pending, failure, error; `description` if any'


class StatusNotAllowed(StatusRefused):
    """This client may not report on commits of this repository."""

    code = "status_not_allowed"
    status = 403
    remedy = "Write the repository among the client's `repositories`."
