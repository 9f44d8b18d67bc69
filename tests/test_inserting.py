"""One statement for all rows: which were new, on either database."""

from pathlib import Path

import pytest
from sqlalchemy import Column
from sqlalchemy import Engine
from sqlalchemy import Integer
from sqlalchemy import MetaData
from sqlalchemy import Table
from sqlalchemy import Text
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.exc import OperationalError

from oauthapp import inserting
from oauthapp.database import insert_once
from oauthapp.database import open_database
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.inserting import insert_all_once
from oauthapp.inserting import insert_each_once

TABLES = MetaData()
THINGS = Table(
    "things",
    TABLES,
    Column("key", Text, primary_key=True),
    Column("count", Integer, nullable=False, default=0),
)


def one(key: str, count: int | None = 1) -> dict[str, object]:
    return {"key": key, "count": count}


@pytest.fixture
def tables() -> MetaData:
    return TABLES


def kept(engine: Engine) -> list[tuple[str, int]]:
    with reading(engine) as connection:
        found = connection.execute(select(THINGS).order_by(THINGS.c.key))
        return [(row.key, row.count) for row in found]


def test_of_many_rows_each_is_told_whether_it_was_new(either: Engine) -> None:
    with writing(either) as connection:
        insert_once(connection, THINGS, one("b", 0))

    found = insert_each_once(either, THINGS, [one(key) for key in "cbaa"])

    assert found == [True, False, True, False]
    assert kept(either) == [("a", 1), ("b", 0), ("c", 1)]


def test_a_row_that_comes_alone_is_told_so_too(either: Engine) -> None:
    assert insert_each_once(either, THINGS, [one("a")]) == [True]
    assert insert_each_once(either, THINGS, [one("a")]) == [False]


def test_one_that_cannot_be_kept_takes_all_others_with_it(either: Engine) -> None:
    with pytest.raises(IntegrityError):
        insert_each_once(either, THINGS, [one("a"), one("b", None)])

    assert kept(either) == []


def test_more_rows_than_one_statement_takes_are_kept_too(
    either: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inserting, "AT_ONCE", 2)
    insert_each_once(either, THINGS, [one("c", 0)])

    insert_all_once(either, THINGS, [one(key) for key in "abcde"])

    assert kept(either) == [("a", 1), ("b", 1), ("c", 0), ("d", 1), ("e", 1)]


def test_no_rows_are_no_statement(either: Engine) -> None:
    insert_all_once(either, THINGS, [])

    assert kept(either) == []


def test_the_next_statement_works_after_one_that_did_not(either: Engine) -> None:
    with pytest.raises(DBAPIError):
        insert_each_once(either, THINGS, [one("a", None)])

    assert insert_each_once(either, THINGS, [one("a")]) == [True]


def test_transactions_are_what_they_were(either: Engine) -> None:
    insert_each_once(either, THINGS, [one("a")])

    with pytest.raises(ZeroDivisionError), writing(either) as connection:
        insert_once(connection, THINGS, one("b"))
        raise ZeroDivisionError

    assert kept(either) == [("a", 1)]


def test_a_store_that_cannot_be_opened_is_told_as_one(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/x.sqlite", TABLES)
    engine.dispose()
    (tmp_path / "x.sqlite").unlink()
    (tmp_path / "x.sqlite").mkdir()

    with pytest.raises(OperationalError):
        insert_each_once(engine, THINGS, [one("a")])
