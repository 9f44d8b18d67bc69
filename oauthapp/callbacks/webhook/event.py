"""What does a believed message say? The envelope, or an object of the sender's own."""

from typing import Annotated

import msgspec

from oauthapp.callbacks.webhook.refusals import EventMalformed

#: What every database can keep.
_TypeName = Annotated[
    str, msgspec.Meta(max_length=255, pattern=r"\A[^\x00-\x1f\x7f]*\Z")
]
_TYPE_EXPECTED = "an event type of 255 characters at most, none of them a control"


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened at the sender's. Types we do not know are welcome."""

    #: "" where the sender names none.
    type: _TypeName
    #: When it happened, as the sender writes it.
    timestamp: str
    data: dict[str, object]

    @property
    def sid(self) -> str:
        """The session it is about, "" when it is about none."""
        sid = self.data.get("sid")
        return sid if isinstance(sid, str) else ""


def read_event(body: bytes) -> Event:
    """The event in a verified body that is the envelope of Standard Webhooks.

    :raises EventMalformed: it is no JSON, or not of this shape.
    """
    try:
        return msgspec.json.decode(body, type=Event)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        # msgspec names the place and the type, never the value.
        raise EventMalformed(arrived=str(error)) from None


def read_object(body: bytes) -> dict[str, object]:
    """The object in a verified body of a sender with a schema of its own.

    :raises EventMalformed: it is no JSON object.
    """
    try:
        return msgspec.json.decode(body, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise EventMalformed(arrived=str(error), expected="a JSON object") from None


def describe(body: bytes, *, envelope: bool, type_header: str | None) -> Event:
    """What a verified message is about, whichever its schema.

    :param type_header: what the header says that names the event's type; None where
        the sender's scheme has no such header and the body says it.
    :raises EventMalformed: it is not what it should be.
    """
    if envelope:
        return read_event(body)
    data = read_object(body)
    named = data.get("type") if type_header is None else type_header
    event = {"type": named if isinstance(named, str) else "", "timestamp": ""}
    try:
        return msgspec.convert({**event, "data": data}, type=Event)
    except msgspec.ValidationError as error:
        raise EventMalformed(arrived=str(error), expected=_TYPE_EXPECTED) from None


def text_member(body: bytes, name: str) -> str:
    """A member of the object in a verified body, "" where there is no such text."""
    try:
        value = read_object(body).get(name)
    except EventMalformed:
        return ""
    return value if isinstance(value, str) else ""
