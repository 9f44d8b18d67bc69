"""Work that is due goes to one worker at a time, until its lease ends."""

from collections.abc import Mapping
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Engine
from sqlalchemy import Select
from sqlalchemy import Table
from sqlalchemy import bindparam
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
    told = {"waiting": waiting, "now": now}
    with reading(engine) as connection:  # an idle worker must not hold up writers
        if connection.execute(_due(table, 1), told).first() is None:
            return ()
    with writing(engine) as connection:
        due = _due(table, limit).with_for_update(skip_locked=True)
        found = connection.execute(due, told).mappings()
        claimed = [{**row, "tries": row["tries"] + 1} for row in found]
        for row in claimed:
            same = [column == row[column.name] for column in table.primary_key]
            values = {"tries": row["tries"], "due_at": now + lease}
            connection.execute(update(table).where(*same).values(values))
    return claimed


@cache
def _due(table: Table, limit: int) -> Select[Any]:
    """Built once: idle workers look for it again and again."""
    return (
        select(table)
        .where(table.c.status == bindparam("waiting"))
        .where(table.c.due_at <= bindparam("now"))
        .order_by(table.c.due_at)
        .limit(limit)
    )
