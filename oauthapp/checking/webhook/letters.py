"""Messages as a sender would send them, and as a forger would. Pure."""

import json
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from typing import Any

from oauthapp.callbacks.webhook.schemes import SCHEMES
from oauthapp.callbacks.webhook.schemes import Scheme
from oauthapp.callers.sender.sign import Time
from oauthapp.callers.sender.sign import signed_headers


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message that is about to be signed."""

    scheme_name: str
    secret: str
    message_id: str
    #: Unix seconds.
    timestamp: int
    body: bytes
    event_type: str
    content_type: str = "application/json"

    @property
    def scheme(self) -> Scheme:
        return SCHEMES[self.scheme_name]

    def packed(self) -> "Packed":
        """Signed, with all headers."""
        return Packed(headers={**self._plain(), **self.signature()}, body=self.body)

    def unsigned(self) -> "Packed":
        """With its id and time, where those have headers of their own."""
        name = self.scheme.signature_header
        rest = {
            key: one for key, one in self.signature().items() if key.lower() != name
        }
        return Packed(headers={**self._plain(), **rest}, body=self.body)

    def signature(self, timestamp: Time | None = None) -> dict[str, str]:
        """The headers that sign it.

        :param timestamp: another one than its own.
        """
        return signed_headers(
            scheme=self.scheme_name,
            secret=self.secret,
            message_id=self.message_id,
            timestamp=self.timestamp if timestamp is None else timestamp,
            body=self.body,
        )

    def _plain(self) -> dict[str, str]:
        headers = {"Content-Type": self.content_type, "User-Agent": "oauthapp"}
        if self.scheme.type_header:
            headers["X-GitHub-Event"] = self.event_type
        return headers


@dataclass(frozen=True, kw_only=True)
class Packed:
    """A request, ready to be sent."""

    headers: Mapping[str, str]
    body: bytes

    def with_header(self, name: str, change: Callable[[str], str]) -> "Packed":
        """One header changed, whatever the case its name is written in."""
        changed = {
            key: change(value) if key.lower() == name else value
            for key, value in self.headers.items()
        }
        return replace(self, headers=changed)


def body_of(
    scheme_name: str, message_id: str, timestamp: int, event_type: str, given: bytes
) -> bytes:
    """What a sender of this kind says; `given` instead, under an id of its own."""
    member = SCHEMES[scheme_name].id_member
    told: Any = (
        json.loads(given) if given else _usual(scheme_name, timestamp, event_type)
    )
    if member and isinstance(told, dict):
        told = {member: message_id, **told, **{member: message_id}}
    elif given:
        return given
    return json.dumps(told).encode()


def _usual(scheme_name: str, timestamp: int, event_type: str) -> dict[str, Any]:
    data = {"checked_by": "oauthapp check-webhook"}
    if scheme_name == "stripe":
        more = {"created": timestamp, "data": {"object": data}}
        return {"object": "event", "type": event_type, **more}
    if scheme_name == "slack":
        event = {"type": event_type, **data}
        return {"type": "event_callback", "event_time": timestamp, "event": event}
    if scheme_name == "github":
        return data
    at = datetime.fromtimestamp(timestamp, UTC).isoformat()
    return {"type": event_type, "timestamp": at, "data": data}
