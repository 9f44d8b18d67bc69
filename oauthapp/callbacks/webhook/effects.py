"""What each type of event brings about here.

Reading comes first, for the whole batch, and refuses what asks for nothing we can do;
then all that is of one type is written together.
"""

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from typing import Any
from typing import Generic
from typing import TypeVar

import msgspec
from sqlalchemy import Connection

from oauthapp.callbacks.webhook import order_store
from oauthapp.callbacks.webhook import settle
from oauthapp.callbacks.webhook.effect_store import Announced
from oauthapp.callbacks.webhook.effect_store import announce_sessions
from oauthapp.callbacks.webhook.effect_store import begin_build
from oauthapp.callbacks.webhook.event import read_event
from oauthapp.callbacks.webhook.refusals import DataUnusable
from oauthapp.callbacks.webhook.refusals import EventMalformed
from oauthapp.callbacks.webhook.refusals import MessageRefused
from oauthapp.callbacks.webhook.store import Claimed

#: What a message asks for, as it is to be written.
Asked = TypeVar("Asked")
#: The reason code of those that cannot take effect; what was written of them stays.
Refusals = Mapping[Claimed, str]


@dataclass(frozen=True, kw_only=True)
class Effect(Generic[Asked]):
    """What one type of event brings about."""

    #: Finds out what is asked for, and refuses before anything is written.
    read: Callable[[Claimed], Asked]
    #: Writes it for all messages of this type in a batch.
    write: Callable[[Connection, Mapping[Claimed, Asked], float], Refusals]


def _one_by_one(
    write: Callable[[Connection, Claimed, Asked, float], None],
) -> Callable[[Connection, Mapping[Claimed, Asked], float], Refusals]:
    def write_all(
        connection: Connection, asked: Mapping[Claimed, Asked], now: float
    ) -> Refusals:
        refused = {}
        for one, wanted in asked.items():
            try:
                write(connection, one, wanted, now)
            except MessageRefused as refusal:
                refused[one] = refusal.code
        return refused

    return write_all


_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]


class _Session(msgspec.Struct, frozen=True, kw_only=True):
    sid: _Name
    sub: _Name


def _read_session(one: Claimed) -> Announced:
    event = read_event(one.body)
    try:
        session = msgspec.convert(event.data, _Session)
    except msgspec.ValidationError as error:
        raise DataUnusable(arrived=str(error)) from None
    return Announced(message=one, sid=session.sid, sub=session.sub)


def _announce_all(
    connection: Connection, asked: Mapping[Claimed, Announced], now: float
) -> Refusals:
    announce_sessions(connection, list(asked.values()), now=now)
    return {}


def _settle_order(
    connection: Connection, one: Claimed, news: settle.PaymentNews, now: float
) -> None:
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


class _Push(msgspec.Struct, frozen=True, kw_only=True):
    repository: _Name
    commit: Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{40}([0-9a-f]{24})?\Z")]
    statuses_url: Annotated[str, msgspec.Meta(pattern=r"\A[!-~]{1,2000}\Z")]


def _read_push(one: Claimed) -> _Push | None:
    try:
        event = read_event(one.body)
    except EventMalformed:  # GitHub says push, too, in a schema of its own
        return None
    if "statuses_url" not in event.data:  # nobody wants to know how its build went
        return None
    try:
        return msgspec.convert(event.data, _Push)
    except msgspec.ValidationError as error:
        raise DataUnusable(arrived=str(error)) from None


def _begin_build(
    connection: Connection, one: Claimed, pushed: _Push | None, now: float
) -> None:
    if pushed is None:
        return
    begin_build(
        connection,
        one,
        repository=pushed.repository,
        commit=pushed.commit,
        statuses_url=pushed.statuses_url,
        now=now,
    )


#: Of a type we have no use for: done as soon as it is kept.
NOTHING = Effect[None](read=lambda _one: None, write=lambda _c, _asked, _now: {})
_SETTLE = Effect(
    read=lambda one: settle.read_news(one.body), write=_one_by_one(_settle_order)
)

#: What each type of event does here.
EFFECTS: Mapping[str, Effect[Any]] = {
    "session.created": Effect(read=_read_session, write=_announce_all),
    "push": Effect(read=_read_push, write=_one_by_one(_begin_build)),
    **dict.fromkeys(settle.SETTLES, _SETTLE),
}
