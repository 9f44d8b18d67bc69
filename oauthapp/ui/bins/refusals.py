"""What a bin cannot be, and when it does not answer as it was told.

UnknownBin                404, this address is nobody's
BinUnusable               400, no answer can be like that
BinsFull                  409, others have to go first
BinBusy                   503, too many answers wait already
"""

from oauthapp.errors import CallFailed
from oauthapp.errors import NotFound
from oauthapp.errors import Refused


class UnknownBin(NotFound):
    """There is no capture bin at this address."""

    code = "unknown_bin"
    cause = "The address was cut off, or the bin was removed."
    remedy = "Make a new bin, and give its whole address to the sender."


class BinUnusable(Refused):
    """A bin cannot answer like that."""

    code = "bin_unusable"
    remedy = "Go back and correct the field."


class BinsFull(Refused):
    """There are as many bins as there may be."""

    code = "bins_full"
    status = 409
    cause = "Bins stay until somebody removes them."
    remedy = "Remove one that is no longer needed."


class BinBusy(CallFailed):
    """Too many delayed answers of bins are waiting already."""

    code = "bin_busy"
    status = 503
    cause = "Each one that waits keeps a thread of the server from other requests."
    remedy = "Call again in a few seconds, or let the bin answer sooner."
