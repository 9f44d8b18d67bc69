"""Work that is due goes to one worker at a time, until its lease ends."""

from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine
from sqlalchemy import Table
from sqlalchemy import select
from sqlalchemy import update

from oauthapp.database import reading
from oauthapp.database import writing


def claim_due(
    engine: Engine,
    table: Table,
    *,
    waiting: str,
    now: float,
    limit: int,
    lease: float,
) -> Sequence[Mapping[str, Any]]:
    """Up to `limit` rows of that status that are due; `tries` counts this one too.

    Whoever has fewer tries than the row does not hold it any more.

    :param table: with the columns status, tries and due_at.
    :param lease: seconds until others may claim the same row.
    """
    due = (
        select(table)
        .where(table.c.status == waiting, table.c.due_at <= now)
        .order_by(table.c.due_at)
        .limit(limit)
    )
    with reading(engine) as connection:  # an idle worker must not hold up writers
        if connection.execute(due.limit(1)).first() is None:
            return ()
    with writing(engine) as connection:
        found = connection.execute(due.with_for_update(skip_locked=True)).mappings()
        claimed = [{**row, "tries": row["tries"] + 1} for row in found]
        for row in claimed:
            same = [column == row[column.name] for column in table.primary_key]
            values = {"tries": row["tries"], "due_at": now + lease}
            connection.execute(update(table).where(*same).values(values))
    return claimed
