"""A kept message becomes its effect, exactly once: the act of this kind of callback.

The effect is written in the transaction that marks the message done. Whatever
happens to the worker, either both are there or neither is.
"""

from collections.abc import Callable
from collections.abc import Mapping
from typing import Annotated

import msgspec
from sqlalchemy import Connection
from sqlalchemy import Engine

from oauthapp.callbacks.webhook.event import read_event
from oauthapp.callbacks.webhook.refusals import DataUnusable
from oauthapp.callbacks.webhook.refusals import MessageRefused
from oauthapp.callbacks.webhook.store import MAX_TRIES
from oauthapp.callbacks.webhook.store import Claimed
from oauthapp.callbacks.webhook.store import announce_session
from oauthapp.callbacks.webhook.store import bury
from oauthapp.callbacks.webhook.store import finish
from oauthapp.database import writing

Effect = Callable[[Connection, Claimed, float], None]

_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]


class _Session(msgspec.Struct, frozen=True, kw_only=True):
    sid: _Name
    sub: _Name


def _session_created(connection: Connection, one: Claimed, now: float) -> None:
    event = read_event(one.body)
    try:
        session = msgspec.convert(event.data, _Session)
    except msgspec.ValidationError as error:
        raise DataUnusable(arrived=str(error)) from None
    announce_session(connection, one, sid=session.sid, sub=session.sub, now=now)


def _nothing(_connection: Connection, _one: Claimed, _now: float) -> None:
    """A type we have no use for is done as soon as it is kept."""


#: What each type of event does here.
EFFECTS: Mapping[str, Effect] = {"session.created": _session_created}


def process(engine: Engine, one: Claimed, *, now: float) -> None:
    """Do what a message asks and mark it done; one that cannot be used is buried."""
    if one.tries > MAX_TRIES:  # its last tries ended with the worker's own death
        return bury(engine, one, reason="tries_used_up", now=now)
    try:
        effect = EFFECTS.get(one.event_type, _nothing)
        with writing(engine) as connection:
            if finish(connection, one, now=now):
                effect(connection, one, now)
    except MessageRefused as refusal:
        bury(engine, one, reason=refusal.code, now=now)
