"""What must hold in the end, whatever was killed, stopped or full meanwhile.

Acknowledged = kept = applied once. No login is finished twice, and no session is
without a login. Dead letters are accounted for. Each event that was published is
delivered at least once, and once after removing repetitions.
"""

from collections import Counter
from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field

from sqlalchemy import Engine
from sqlalchemy import select

from bench.ledger import Ledger
from oauthapp.database import reading
from oauthapp.schema.app import app_sessions
from oauthapp.schema.app import inbox
from oauthapp.schema.provider import authorization_codes
from oauthapp.schema.provider import grants
from oauthapp.schema.sender import deliveries
from oauthapp.schema.sender import events


@dataclass(frozen=True, kw_only=True)
class Promised:
    """What those outside were told, or know of themselves."""

    #: Ids of messages that were answered 204; of those that nobody may believe; and of
    #: those that can have no effect.
    acknowledged: Collection[str] = ()
    forged: Collection[str] = ()
    hopeless: Collection[str] = ()
    #: Whose session it is that they were given, by its hash.
    sessions: Mapping[str, str] = field(default_factory=dict)
    #: Callbacks that may have begun a session that nobody was told of.
    unanswered: int = 0


def broken_messages(
    app: Engine, ledger: Ledger, promised: Promised, *, others: Collection[str] = ()
) -> dict[str, int]:
    """How many messages each rule does not hold for; nothing when all is well.

    :param others: ids that the provider sent, and not we.
    """
    with reading(app) as connection:
        found = connection.execute(select(inbox.c.message_id, inbox.c.status)).all()
    rows = {row.message_id: row.status for row in found}
    kept, effects = set(rows), ledger.effects()
    done = {one for one, status in rows.items() if status == "done"}
    dead = {one for one, status in rows.items() if status == "dead"}
    ours = kept - set(others)
    told = set(promised.acknowledged)
    return _only_broken(
        {
            "acknowledged and not kept": len(told - kept),
            "kept and never acknowledged": len(ours - told),
            "forged and kept": len(kept & set(promised.forged)),
            "kept twice": len(found) - len(kept),
            "waits for ever": len(kept - done - dead),
            "done without effect": len(done - set(effects)),
            "effect more than once": sum(effects.values()) - len(effects),
            "effect of none that is done": len(set(effects) - done),
            "dead without cause": len(dead - set(promised.hopeless)),
            "hopeless and not dead": len(set(promised.hopeless) - dead),
        }
    )


def broken_logins(app: Engine, provider: Engine, promised: Promised) -> dict[str, int]:
    """How many logins each rule does not hold for."""
    with reading(app) as connection:
        wanted = select(app_sessions.c.id_hash, app_sessions.c.sid, app_sessions.c.sub)
        sessions = connection.execute(wanted).all()
    redeemed = (
        select(grants.c.sid, grants.c.sub)
        .join(authorization_codes, authorization_codes.c.grant_id == grants.c.grant_id)
        .where(authorization_codes.c.taken)
    )
    with reading(provider) as connection:
        logins = Counter(tuple(row) for row in connection.execute(redeemed))
    begun = Counter((row.sid, row.sub) for row in sessions)
    whose = {row.id_hash: row.sub for row in sessions}
    nobodys = len(set(whose) - set(promised.sessions))
    return _only_broken(
        {
            "login finished twice": sum(begun.values()) - len(begun),
            "session without a login": len(set(begun) - set(logins)),
            "told of a session that is not there": len(
                set(promised.sessions.items()) - set(whose.items())
            ),
            "session that nobody can have": max(0, nobodys - promised.unanswered),
        }
    )


def broken_deliveries(app: Engine, provider: Engine) -> dict[str, int]:
    """How many events each rule does not hold for; dead ones have their reason."""
    with reading(app) as connection:
        came = Counter(connection.execute(select(inbox.c.message_id)).scalars())
    with reading(provider) as connection:
        published = set(connection.execute(select(events.c.message_id)).scalars())
        logins = connection.execute(select(grants.c.grant_id)).scalars().all()
        wanted = select(deliveries.c.message_id, deliveries.c.status)
        sent = {one.message_id: one.status for one in connection.execute(wanted)}
    delivered = {one for one, status in sent.items() if status == "delivered"}
    return _only_broken(
        {
            "login without its event": len(logins) - len(published),
            "published and not on its way": len(published - set(sent)),
            "given up or still on its way": len(set(sent) - delivered),
            "delivered and not kept": len(delivered - set(came)),
        }
    )


def published_ids(provider: Engine) -> set[str]:
    """Of every event of the provider's."""
    with reading(provider) as connection:
        return set(connection.execute(select(events.c.message_id)).scalars())


def _only_broken(found: Mapping[str, int]) -> dict[str, int]:
    return {rule: number for rule, number in found.items() if number}
