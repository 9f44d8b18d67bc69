"""What `verify` makes of a message; it alone can, so this is one of our own."""

from dataclasses import dataclass

from bench.messages import signed

SECRET = "whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"
AT = 1_700_000_000.0


@dataclass(frozen=True, kw_only=True)
class Believed:
    """As the inbox keeps it."""

    id: str
    body: bytes
    timestamp: int = int(AT)

    @classmethod
    def about(cls, message_id: str) -> "Believed":
        """A `session.created` about a session of its own."""
        body = signed(message_id, secret=SECRET, now=AT).body
        return cls(id=message_id, body=body)
