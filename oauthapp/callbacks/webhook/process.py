"""Kept messages become their effects, exactly once: the act of this kind of callback.

An effect is written in the transaction that marks its message done. Whatever
happens to the worker, either both are there or neither is.
"""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Annotated

import msgspec
from sqlalchemy import Connection
from sqlalchemy import Engine

from oauthapp.callbacks.webhook.effect_store import announce_session
from oauthapp.callbacks.webhook.event import read_event
from oauthapp.callbacks.webhook.refusals import DataUnusable
from oauthapp.callbacks.webhook.refusals import MessageRefused
from oauthapp.callbacks.webhook.store import MAX_TRIES
from oauthapp.callbacks.webhook.store import Claimed
from oauthapp.callbacks.webhook.store import bury
from oauthapp.callbacks.webhook.store import finish
from oauthapp.callbacks.webhook.store import still_ours
from oauthapp.database import writing

#: Writes what a message asks for.
Deed = Callable[[Connection, float], None]
#: Finds out what is to be written, and refuses before anything is.
Effect = Callable[[Claimed], Deed]

_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]


class _Session(msgspec.Struct, frozen=True, kw_only=True):
    sid: _Name
    sub: _Name


def _session_created(one: Claimed) -> Deed:
    event = read_event(one.body)
    try:
        session = msgspec.convert(event.data, _Session)
    except msgspec.ValidationError as error:
        raise DataUnusable(arrived=str(error)) from None
    return lambda connection, now: announce_session(
        connection, one, sid=session.sid, sub=session.sub, now=now
    )


def _nothing(_one: Claimed) -> Deed:
    """A type we have no use for is done as soon as it is kept."""
    return lambda _connection, _now: None


#: What each type of event does here.
EFFECTS: Mapping[str, Effect] = {"session.created": _session_created}


def process(engine: Engine, batch: Sequence[Claimed], *, now: float) -> None:
    """Do what these messages ask and mark them done, all or none.

    One that cannot be used is buried, and keeps no other from being done.
    """
    deeds, unusable = _sort(batch)
    with writing(engine) as connection:
        ours = still_ours(connection, batch)
        done = [one for one in batch if one in deeds and _key(one) in ours]
        for one in done:
            deeds[one](connection, now)
        finish(connection, done, now=now)
        for reason, dead in unusable.items():
            lost = [one for one in dead if _key(one) in ours]
            bury(connection, lost, reason=reason, now=now)


def _sort(
    batch: Sequence[Claimed],
) -> tuple[dict[Claimed, Deed], dict[str, list[Claimed]]]:
    """What each message is to do; and those that can do nothing, by reason."""
    deeds: dict[Claimed, Deed] = {}
    unusable: dict[str, list[Claimed]] = {}
    for one in batch:
        if one.tries > MAX_TRIES:  # its last tries ended with the worker's own death
            unusable.setdefault("tries_used_up", []).append(one)
            continue
        try:
            deeds[one] = EFFECTS.get(one.event_type, _nothing)(one)
        except MessageRefused as refusal:
            unusable.setdefault(refusal.code, []).append(one)
    return deeds, unusable


def _key(one: Claimed) -> tuple[str, str]:
    return one.source, one.message_id
