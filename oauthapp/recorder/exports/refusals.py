"""Why a call cannot be had in some form: one class a reason."""

from oauthapp.errors import NotFound
from oauthapp.errors import Refused


class UnknownFormat(NotFound):
    """Calls are not exported in this format."""

    code = "unknown_format"


class NoCommandPossible(Refused):
    """This call cannot be made by curl."""

    code = "no_command_possible"
    status = 422


class NoTestPossible(Refused):
    """This call cannot be made anew in a test."""

    code = "no_test_possible"
    status = 422
    remedy = "Export it in another format, such as raw HTTP."
