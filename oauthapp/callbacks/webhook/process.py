"""Kept messages become their effects, exactly once: the act of this kind of callback.

An effect is written in the transaction that marks its message done. Whatever
happens to the worker, either both are there or neither is.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine

from oauthapp.callbacks.webhook.effects import EFFECTS
from oauthapp.callbacks.webhook.effects import NOTHING
from oauthapp.callbacks.webhook.effects import Effect
from oauthapp.callbacks.webhook.refusals import MessageRefused
from oauthapp.callbacks.webhook.store import MAX_TRIES
from oauthapp.callbacks.webhook.store import Claimed
from oauthapp.callbacks.webhook.store import bury
from oauthapp.callbacks.webhook.store import finish
from oauthapp.callbacks.webhook.store import still_ours
from oauthapp.database import writing


def process(engine: Engine, batch: Sequence[Claimed], *, now: float) -> None:
    """Do what these messages ask and mark them done, all or none.

    One that cannot be used is buried, and keeps no other from being done.
    """
    asked, refused = _read(batch)
    with writing(engine) as connection:
        ours = still_ours(connection, batch)
        done: list[Claimed] = []
        for effect, some in asked.items():
            wanted = {one: what for one, what in some.items() if _key(one) in ours}
            refused |= effect.write(connection, wanted, now)
            done += wanted
        finish(connection, [one for one in done if one not in refused], now=now)
        for reason in sorted(set(refused.values())):
            dead = [one for one, why in refused.items() if why == reason]
            lost = [one for one in dead if _key(one) in ours]
            bury(connection, lost, reason=reason, now=now)


def _read(
    batch: Sequence[Claimed],
) -> tuple[Mapping[Effect[Any], Mapping[Claimed, Any]], dict[Claimed, str]]:
    """What messages ask for, by effect; and those that can ask for nothing, and why."""
    asked: dict[Effect[Any], dict[Claimed, Any]] = {}
    refused: dict[Claimed, str] = {}
    for one in batch:
        if one.tries > MAX_TRIES:  # its last tries ended with the worker's own death
            refused[one] = "tries_used_up"
            continue
        effect = EFFECTS.get(one.event_type, NOTHING)
        try:
            asked.setdefault(effect, {})[one] = effect.read(one)
        except MessageRefused as refusal:
            refused[one] = refusal.code
    return asked, refused


def _key(one: Claimed) -> tuple[str, str]:
    return one.source, one.message_id
