"""One statement for all rows: which were new, on either database."""

import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import JSON
from sqlalchemy import BigInteger
from sqlalchemy import Column
from sqlalchemy import Double
from sqlalchemy import Engine
from sqlalchemy import Integer
from sqlalchemy import LargeBinary
from sqlalchemy import MetaData
from sqlalchemy import Table
from sqlalchemy import Text
from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import IntegrityError

from oauthapp import inserting
from oauthapp.database import insert_once
from oauthapp.database import json_text
from oauthapp.database import open_database
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.inserting import as_given
from oauthapp.inserting import insert_all_once
from oauthapp.inserting import insert_each_once
from tests.databases import url_of

TABLES = MetaData()
THINGS = Table(
    "things",
    TABLES,
    Column("key", Text, primary_key=True),
    Column("count", Integer, nullable=False, default=0),
)
#: A column of each kind that we have.
KINDS = Table(
    "kinds",
    TABLES,
    Column("number", BigInteger, primary_key=True),
    Column("text", Text),
    Column("raw", LargeBinary),
    Column("at", Double),
    Column("known", JSON),
)
#: Any text but NUL, which PostgreSQL keeps none of; what is refused before it is there.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
#: Rows of that, but for their numbers, and what is kept of them.
VALUES = st.fixed_dictionaries(
    {
        "text": st.none() | TEXTS,
        "raw": st.none() | st.binary(),
        "at": st.none() | st.floats(allow_nan=False, allow_infinity=False),
        "known": st.lists(TEXTS | st.integers(-(2**31), 2**31) | st.booleans()),
    }
)


def one(key: str, count: int | None = 1) -> dict[str, object]:
    return {"key": key, "count": count}


@pytest.fixture
def tables() -> MetaData:
    return TABLES


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def either_for_many(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """One for all examples."""
    folder, name = tmp_path_factory.mktemp("kinds"), f"kinds_{secrets.token_hex(4)}"
    engine = open_database(url_of(request, folder, name), TABLES)
    yield engine
    engine.dispose()


def kept(engine: Engine) -> list[tuple[str, int]]:
    with reading(engine) as connection:
        found = connection.execute(select(THINGS).order_by(THINGS.c.key))
        return [(row.key, row.count) for row in found]


def insert_all(engine: Engine, table: Table, rows: list[dict[str, Any]]) -> None:
    dialect = engine.dialect.name
    insert_all_once(engine, table, [as_given(dialect, table, row) for row in rows])


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

    insert_all(either, THINGS, [one(key) for key in "abcde"])

    assert kept(either) == [("a", 1), ("b", 1), ("c", 0), ("d", 1), ("e", 1)]


@given(some=st.lists(VALUES, min_size=1, max_size=25))
def test_every_value_is_kept_as_it_was(
    either_for_many: Engine, some: list[dict[str, Any]]
) -> None:
    with writing(either_for_many) as connection:
        connection.execute(delete(KINDS))
    rows = [one | {"number": number} for number, one in enumerate(some)]

    as_told = [one | {"known": json_text(one["known"])} for one in rows]
    insert_all(either_for_many, KINDS, as_told)

    with reading(either_for_many) as connection:
        found = connection.execute(select(KINDS).order_by(KINDS.c.number)).mappings()
        assert [dict(one) for one in found] == rows


def test_numbers_are_as_large_as_their_column(either: Engine) -> None:
    rows = [{"number": 2**63 - 1}, {"number": -(2**63)}]

    assert insert_each_once(either, KINDS, rows) == [True, True]
    assert insert_each_once(either, KINDS, rows) == [False, False]


def test_no_rows_are_no_statement(either: Engine) -> None:
    insert_all(either, THINGS, [])

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
