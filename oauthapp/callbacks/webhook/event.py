"""What does a believed message say? The envelope that Standard Webhooks recommends."""

import msgspec

from oauthapp.callbacks.webhook.refusals import EventMalformed


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened at the sender's. Types we do not know are welcome."""

    type: str
    timestamp: str
    data: dict[str, object]

    @property
    def sid(self) -> str:
        """The session it is about, "" when it is about none."""
        sid = self.data.get("sid")
        return sid if isinstance(sid, str) else ""


def read_event(body: bytes) -> Event:
    """The event in a verified body.

    :raises EventMalformed: it is no JSON, or not of this shape.
    """
    try:
        return msgspec.json.decode(body, type=Event)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        # msgspec names the place and the type, never the value.
        raise EventMalformed(arrived=str(error)) from None
