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

from oauthapp.callbacks.webhook import order_store
from oauthapp.callbacks.webhook import settle
from oauthapp.callbacks.webhook.effect_store import announce_session
from oauthapp.callbacks.webhook.effect_store import begin_build
from oauthapp.callbacks.webhook.event import read_event
from oauthapp.callbacks.webhook.refusals import DataUnusable
from oauthapp.callbacks.webhook.refusals import EventMalformed
from oauthapp.callbacks.webhook.refusals import MessageRefused
from oauthapp.callbacks.webhook.store import MAX_TRIES
from oauthapp.callbacks.webhook.store import Claimed
from oauthapp.callbacks.webhook.store import bury
from oauthapp.callbacks.webhook.store import finish
from oauthapp.callbacks.webhook.store import still_ours
from oauthapp.database import writing

#: Writes what a message asks for. It may refuse as well: what it wrote before stays.
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


def _payment_told(one: Claimed) -> Deed:
    news = settle.read_news(one.body)

    def settle_order(connection: Connection, now: float) -> None:
        order = order_store.find(connection, news.order)
        told = settle.Told(news=news, source=one.source, order=order)
        refusal, effect = settle.why_not(told), "nothing"
        if refusal is None:
            status = settle.SETTLES[one.event_type]
            if order_store.settle(connection, news.order, one, status=status, now=now):
                effect = "settled"
        if order is not None:
            effect = refusal.code if refusal else effect
            order_store.keep_news(connection, news.order, one, effect=effect, now=now)
        if refusal is not None:
            raise refusal

    return settle_order


class _Push(msgspec.Struct, frozen=True, kw_only=True):
    repository: _Name
    commit: Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{40}([0-9a-f]{24})?\Z")]
    statuses_url: Annotated[str, msgspec.Meta(pattern=r"\A[!-~]{1,2000}\Z")]


def _push(one: Claimed) -> Deed:
    try:
        event = read_event(one.body)
    except EventMalformed:  # GitHub says push, too, in a schema of its own
        return _nothing(one)
    if "statuses_url" not in event.data:  # nobody wants to know how its build went
        return _nothing(one)
    try:
        pushed = msgspec.convert(event.data, _Push)
    except msgspec.ValidationError as error:
        raise DataUnusable(arrived=str(error)) from None
    return lambda connection, now: begin_build(
        connection,
        one,
        repository=pushed.repository,
        commit=pushed.commit,
        statuses_url=pushed.statuses_url,
        now=now,
    )


def _nothing(_one: Claimed) -> Deed:
    """A type we have no use for is done as soon as it is kept."""
    return lambda _connection, _now: None


#: What each type of event does here.
EFFECTS: Mapping[str, Effect] = {
    "session.created": _session_created,
    "push": _push,
    **dict.fromkeys(settle.SETTLES, _payment_told),
}


def process(engine: Engine, batch: Sequence[Claimed], *, now: float) -> None:
    """Do what these messages ask and mark them done, all or none.

    One that cannot be used is buried, and keeps no other from being done.
    """
    deeds, unusable = _sort(batch)
    with writing(engine) as connection:
        ours = still_ours(connection, batch)
        done = []
        for one in batch:
            if one not in deeds or _key(one) not in ours:
                continue
            try:
                deeds[one](connection, now)
                done.append(one)
            except MessageRefused as refusal:
                unusable.setdefault(refusal.code, []).append(one)
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
