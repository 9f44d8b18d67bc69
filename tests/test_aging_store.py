"""Some rows at a time, and only those that are old, on either database."""

import pytest
from sqlalchemy import Column
from sqlalchemy import Double
from sqlalchemy import Engine
from sqlalchemy import MetaData
from sqlalchemy import Table
from sqlalchemy import Text
from sqlalchemy import insert
from sqlalchemy import select

from oauthapp.aging_store import forget
from oauthapp.aging_store import forget_settled
from oauthapp.database import reading
from oauthapp.database import writing
from tests.statements import told_to

TABLES = MetaData()
#: One key of one column, one of two.
ONE = Table(
    "one",
    TABLES,
    Column("name", Text, primary_key=True),
    Column("status", Text),
    Column("due_at", Double),
)
TWO = Table(
    "two",
    TABLES,
    Column("source", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("status", Text),
    Column("due_at", Double),
)


@pytest.fixture
def tables() -> MetaData:
    return TABLES


@pytest.fixture(params=[ONE, TWO], ids=["key of one", "key of two"])
def table(request: pytest.FixtureRequest) -> Table:
    return request.param  # type: ignore[no-any-return]


def put(engine: Engine, table: Table, name: str, status: str, due_at: float) -> None:
    row = {"name": name, "status": status, "due_at": due_at, "source": "s"}
    with writing(engine) as connection:
        values = {key: value for key, value in row.items() if key in table.c}
        connection.execute(insert(table), values)


def names(engine: Engine, table: Table) -> list[str]:
    with reading(engine) as connection:
        found = connection.execute(select(table.c.name).order_by(table.c.name))
        return list(found.scalars())


def test_what_was_settled_before_then_goes(either: Engine, table: Table) -> None:
    put(either, table, "old", "done", 9)
    put(either, table, "young", "done", 10)
    put(either, table, "waits", "pending", 9)
    put(either, table, "dead", "dead", 9)

    gone = forget_settled(either, table, status="done", before=10, limit=5)

    assert gone == 1
    assert names(either, table) == ["dead", "waits", "young"]


def test_only_so_many_go_at_a_time(either: Engine, table: Table) -> None:
    for number in range(5):
        put(either, table, str(number), "done", number)

    old = table.c.due_at < 10
    assert [forget(either, table, old, limit=2) for _ in range(4)] == [2, 2, 1, 0]


def test_what_is_no_longer_old_when_it_is_to_go_stays(
    either: Engine, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(either, table, "old", "done", 9)

    def writing_after_another(engine: Engine) -> object:
        with writing(engine) as connection:
            connection.execute(table.update().values(status="pending"))
        return writing(engine)

    monkeypatch.setattr("oauthapp.aging_store.writing", writing_after_another)

    assert forget_settled(either, table, status="done", before=10, limit=5) == 0
    assert names(either, table) == ["old"]


def test_any_number_of_them_goes_by_few_statements(
    either: Engine, table: Table
) -> None:
    """Each of its own would be kept prepared by each connection: memory grew by it."""
    with told_to(either) as texts:
        for number in range(1, 17):
            for one in range(number):
                put(either, table, f"{number} {one}", "done", 1.0)
            assert forget(either, table, table.c.due_at < 2.0, limit=100) == number

    deletes = [text for text in texts if text.startswith("DELETE")]
    assert len(deletes) == 5  # of 1, 2, 4, 8 and 16
