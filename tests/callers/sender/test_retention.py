"""Events that were delivered go by age; what is on its way or dead stays."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine
from sqlalchemy import MetaData
from sqlalchemy import Table
from sqlalchemy import insert
from sqlalchemy import select

from oauthapp.aging import DAY
from oauthapp.callers.sender import retention_store
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.provider_workers import schedule_worker
from oauthapp.schema.provider import provider_tables
from oauthapp.schema.sender import attempts
from oauthapp.schema.sender import deliveries
from oauthapp.schema.sender import events
from oauthapp.services import ProviderServices
from tests.callers.sender.conftest import NOW
from tests.statements import told_to


@pytest.fixture
def tables() -> MetaData:
    return provider_tables


def put(engine: Engine, message_id: str, *statuses: str, age: float) -> None:
    """An event with a delivery of each status, each attempted once."""
    event = {
        "message_id": message_id,
        "type": "t",
        "body": b"",
        "created_at": NOW - age,
    }
    with writing(engine) as connection:
        connection.execute(insert(events), event)
        for number, status in enumerate(statuses):
            at = {"message_id": message_id, "endpoint_url": f"https://{number}.example"}
            delivery = {**at, "status": status, "due_at": NOW - age}
            connection.execute(insert(deliveries), delivery)
            tried = {
                "number": 1,
                "at": NOW - age,
                "ms": 1,
                "reason": "",
                "timestamp": 1,
            }
            connection.execute(insert(attempts), {**at, **tried, "answer": ""})


def ids(engine: Engine, table: Table = events) -> list[str]:
    with reading(engine) as connection:
        found = connection.execute(select(table.c.message_id).distinct())
        return sorted(found.scalars())


def test_what_everybody_had_long_ago_goes_with_all_about_it(either: Engine) -> None:
    put(either, "had by two", "delivered", "delivered", age=31)
    put(either, "wanted by nobody", age=31)
    put(either, "lately", "delivered", age=29)
    put(either, "under way", "delivered", "pending", age=31)
    put(either, "given up", "delivered", "dead", age=31)

    gone = retention_store.forget(either, before=NOW - 30, limit=10)

    assert gone == 2
    for table in (events, deliveries, attempts):
        assert ids(either, table) == ["given up", "lately", "under way"]


def test_it_is_done_a_little_at_a_time_the_oldest_first(either: Engine) -> None:
    for number in range(5):
        put(either, f"m{number}", "delivered", age=100 - number)

    assert retention_store.forget(either, before=NOW, limit=3) == 3
    assert ids(either) == ["m3", "m4"]
    assert retention_store.forget(either, before=NOW, limit=3) == 2
    assert retention_store.forget(either, before=NOW, limit=3) == 0


def test_any_number_of_them_goes_by_few_statements(either: Engine) -> None:
    with told_to(either) as texts:
        for number in range(1, 9):
            for one in range(number):
                put(either, f"{number} {one}", "delivered", age=31)
            assert retention_store.forget(either, before=NOW, limit=10) == number

    deletes = [text for text in texts if text.startswith("DELETE")]
    assert len(deletes) == 3 * 4  # of three tables; of 1, 2, 4 and 8


def test_the_worker_forgets_what_it_delivered_thirty_days_ago(
    provider: ProviderServices, announce: Callable[..., str], clock
) -> None:
    put(provider.database, "old", "delivered", age=30 * DAY + 1)
    put(provider.database, "young", "delivered", age=30 * DAY - 1)
    worker = schedule_worker(provider)

    worker.run_once()
    assert ids(provider.database) == ["young"]
    clock.now += 2
    worker.run_once()
    assert ids(provider.database) == []
