"""A message as it is sent: what is signed, and what is put into the request. Pure."""

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from oauthapp.callers.sender.sign import attempt_headers


@dataclass(frozen=True, kw_only=True)
class Packed:
    """The request of one attempt."""

    headers: Mapping[str, str]
    body: bytes
    #: What it was signed with, in unix seconds.
    timestamp: int
    #: How often it is sent. Once, unless something goes wrong.
    copies: int = 1
    #: The answer never arrives, whatever it was.
    answer_lost: bool = False


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """What one attempt is made of."""

    #: One, or two while one replaces the other.
    secrets: Sequence[str]
    message_id: str
    timestamp: int
    body: bytes

    def packed(self) -> Packed:
        """Signed, and announced as JSON."""
        headers = attempt_headers(
            secrets=self.secrets,
            message_id=self.message_id,
            timestamp=self.timestamp,
            body=self.body,
        )
        headers["Content-Type"] = "application/json"
        return Packed(headers=headers, body=self.body, timestamp=self.timestamp)
