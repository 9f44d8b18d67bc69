"""Events that everybody has who wanted them: in the end forgotten.

The twin of `callbacks/webhook/retention_store.py`. What was given up stays until people
decide.
"""

from sqlalchemy import Engine
from sqlalchemy import delete
from sqlalchemy import exists
from sqlalchemy import select

from oauthapp.database import padded
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.schema.sender import attempts
from oauthapp.schema.sender import deliveries
from oauthapp.schema.sender import events


def forget(engine: Engine, *, before: float, limit: int) -> int:
    """Delete up to `limit` events from before then with all about them: how many.

    One that is still on its way somewhere, or was given up, stays.
    """
    wanted = exists().where(
        deliveries.c.message_id == events.c.message_id,
        deliveries.c.status != "delivered",
    )
    old = (
        select(events.c.message_id)
        .where(events.c.created_at < before, ~wanted)
        .order_by(events.c.created_at)
        .limit(limit)
    )
    with reading(engine) as connection:  # mostly there are none
        ids = padded(connection.execute(old).scalars().all())
    if not ids:
        return 0
    delivered = deliveries.c.status == "delivered"
    # What is replayed meanwhile is on its way again.
    again = select(deliveries.c.message_id).where(deliveries.c.message_id.in_(ids))
    with writing(engine) as connection:
        gone = delete(deliveries).where(deliveries.c.message_id.in_(ids), delivered)
        connection.execute(gone)
        for table in (attempts, events):
            some = table.c.message_id.in_(ids) & table.c.message_id.not_in(again)
            count = connection.execute(delete(table).where(some)).rowcount
    return count
