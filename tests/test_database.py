"""SQLite as we open it: durable, strict, one writer at a time, no values in errors."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column
from sqlalchemy import Engine
from sqlalchemy import ForeignKey
from sqlalchemy import Integer
from sqlalchemy import MetaData
from sqlalchemy import Table
from sqlalchemy import Text
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.exc import OperationalError

from oauthapp.database import SchemaDiffers
from oauthapp.database import insert_once
from oauthapp.database import open_database
from oauthapp.database import padded
from oauthapp.database import reading
from oauthapp.database import writing

TABLES = MetaData()
THINGS = Table(
    "things",
    TABLES,
    Column("key", Text, primary_key=True),
    Column("count", Integer, nullable=False, default=0),
)
PARTS = Table("parts", TABLES, Column("thing", ForeignKey("things.key")))


@pytest.fixture
def tables() -> MetaData:
    return TABLES


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/a/new/folder/x.sqlite", TABLES)
    yield engine
    engine.dispose()


def rows(engine: Engine) -> int:
    with reading(engine) as connection:
        count = select(func.count()).select_from(THINGS)
        return int(connection.execute(count).scalar_one())


def test_the_folder_and_the_tables_are_made(engine: Engine, tmp_path: Path) -> None:
    assert (tmp_path / "a/new/folder/x.sqlite").exists()
    assert rows(engine) == 0


def test_a_database_is_opened_again_with_what_it_holds(
    engine: Engine, tmp_path: Path
) -> None:
    with writing(engine) as connection:
        insert_once(connection, THINGS, {"key": "a"})

    again = open_database(f"sqlite:///{tmp_path}/a/new/folder/x.sqlite", TABLES)
    assert rows(again) == 1
    again.dispose()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("cache_size", -500),
    ],
)
def test_what_was_written_survives_a_power_cut(
    engine: Engine, pragma: str, value: object
) -> None:
    with reading(engine) as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value


def test_a_part_of_nothing_is_refused(engine: Engine) -> None:
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(insert(PARTS), {"thing": "missing"})


def test_of_two_inserts_of_one_key_the_second_is_told(engine: Engine) -> None:
    with writing(engine) as connection:
        assert insert_once(connection, THINGS, {"key": "a", "count": 1})
        assert not insert_once(connection, THINGS, {"key": "a", "count": 2})

        assert connection.execute(select(THINGS.c.count)).scalar() == 1


def test_of_eight_inserts_at_once_one_is_new(engine: Engine) -> None:
    def attempt(_number: int) -> bool:
        with writing(engine) as connection:
            return insert_once(connection, THINGS, {"key": "a"})

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(attempt, range(8))) == [False] * 7 + [True]


def test_what_need_not_survive_a_power_cut_waits_for_no_disk(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.sqlite"
    engine = open_database(url, TABLES, durable=False)
    with reading(engine) as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 1
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    engine.dispose()


def test_an_error_takes_back_what_was_written(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), writing(engine) as connection:
        insert_once(connection, THINGS, {"key": "a"})
        raise ZeroDivisionError

    assert rows(engine) == 0


def test_read_then_write_loses_no_update(engine: Engine) -> None:
    """Eight writers that read first: none fails, none overwrites another's."""
    with writing(engine) as connection:
        insert_once(connection, THINGS, {"key": "a"})

    def count_up(_number: int) -> None:
        with writing(engine) as connection:
            seen = connection.execute(select(THINGS.c.count)).scalar_one()
            connection.execute(update(THINGS).values(count=seen + 1))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count_up, range(40)))

    with reading(engine) as connection:
        assert connection.execute(select(THINGS.c.count)).scalar() == 40


def test_a_reader_does_not_wait_for_a_writer(engine: Engine) -> None:
    with writing(engine) as writer:
        insert_once(writer, THINGS, {"key": "a"})
        assert rows(engine) == 0  # would time out after ten seconds

    assert rows(engine) == 1


@given(st.lists(st.integers()))
def test_values_are_padded_to_few_lengths(values: list[int]) -> None:
    filled = padded(values)

    assert set(filled) == set(values)
    assert len(values) <= len(filled) < 2 * max(1, len(values))
    assert len(filled).bit_count() == (1 if values else 0)


def test_values_stay_out_of_error_messages(engine: Engine) -> None:
    with pytest.raises(IntegrityError) as error, writing(engine) as connection:
        for _ in range(2):
            connection.execute(insert(THINGS), {"key": "a secret"})

    assert "a secret" not in str(error.value)


def test_a_database_of_another_version_is_refused_before_it_is_used(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path}/old.sqlite"
    older = MetaData()
    Table("things", older, Column("id", Integer, primary_key=True))
    newer = MetaData()
    Table("things", newer, Column("id", Integer, primary_key=True), Column("x", Text))
    open_database(url, older).dispose()

    with pytest.raises(SchemaDiffers, match="another version .* table things"):
        open_database(url, newer)
    open_database(url, older).dispose()


def test_both_databases_tell_which_row_is_new(either: Engine) -> None:
    a, b = ({"key": key, "count": 1} for key in "ab")
    with writing(either) as connection:
        found = [insert_once(connection, THINGS, one) for one in (a, a, b)]

    assert found == [True, False, True]
    assert rows(either) == 2


def test_one_who_waits_too_long_for_a_writer_is_told_as_by_any_database(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oauthapp.engines.BUSY_TIMEOUT", 0)
    with ExitStack() as stack:
        impatient = open_database(str(engine.url), TABLES)
        stack.callback(impatient.dispose)
        with writing(engine):
            with pytest.raises(OperationalError, match="locked"), writing(impatient):
                pass
        with writing(impatient) as connection:
            insert_once(connection, THINGS, {"key": "later"})
    assert rows(engine) == 1
