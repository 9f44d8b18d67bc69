"""What the sender cannot take on.

EndpointsFull             409, others have to go first
"""

from oauthapp.errors import Refused


class EndpointsFull(Refused):
    """There are as many endpoints as there may be."""

    code = "endpoints_full"
    status = 409
    cause = "Endpoints stay until somebody removes them."
    remedy = "Remove one that is no longer needed."
