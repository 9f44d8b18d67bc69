"""Connections that wait for the next statement: the same again, never a broken one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy import MetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import OperationalError

from oauthapp import autocommit
from oauthapp.autocommit import driver_cursor
from oauthapp.database import open_database


@pytest.fixture
def tables() -> MetaData:
    return MetaData()


@pytest.fixture
def served(postgresql: str) -> Iterator[Engine]:
    """A server that can hang up."""
    engine = open_database(f"{postgresql}/postgres", MetaData())
    yield engine
    engine.dispose()


def connection_of(engine: Engine) -> Any:
    """What the next statement goes over."""
    with driver_cursor(engine) as cursor:
        return cursor.connection


def run(engine: Engine, statement: str) -> Any:
    with driver_cursor(engine) as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else None


def is_open(connection: Any) -> bool:
    try:
        connection.cursor().execute("SELECT 1")
    except Exception:  # whatever its driver says of a closed one
        return False
    return True


def test_each_statement_is_a_transaction_of_its_own(either: Engine) -> None:
    with driver_cursor(either) as cursor:
        cursor.execute("CREATE TABLE things (number INTEGER)")
        cursor.execute("INSERT INTO things VALUES (1)")
        with either.connect() as another:
            found = another.exec_driver_sql("SELECT number FROM things").all()

    assert found == [(1,)]


def test_the_connection_used_last_is_used_again(either: Engine) -> None:
    assert connection_of(either) is connection_of(either)


def test_those_who_come_at_once_have_one_each(either: Engine) -> None:
    both_have_one = Barrier(2, timeout=10)

    def ask(_number: int) -> Any:
        with driver_cursor(either) as cursor:
            both_have_one.wait()
            return cursor.connection

    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(ask, range(2))

    assert first is not second
    assert connection_of(either) in (first, second)


def test_an_error_costs_the_connection_and_nothing_else(either: Engine) -> None:
    before = connection_of(either)

    with pytest.raises(DBAPIError):
        run(either, "SELECT nothing FROM nowhere")

    assert not is_open(before)
    assert run(either, "SELECT 1") == [(1,)]


def test_an_error_tells_no_value(either: Engine) -> None:
    with pytest.raises(DBAPIError) as raised, driver_cursor(either) as cursor:
        cursor.execute("SELECT nothing FROM nowhere")

    assert raised.value.params is None
    assert raised.value.hide_parameters


def test_what_is_not_the_drivers_stays_what_it_is(either: Engine) -> None:
    before = connection_of(either)

    with pytest.raises(ZeroDivisionError), driver_cursor(either):
        raise ZeroDivisionError

    assert not is_open(before)
    assert run(either, "SELECT 1") == [(1,)]


def test_those_that_wait_are_closed_with_the_engine(either: Engine) -> None:
    dispose = either.dispose  # as somebody remembers it who opened the engine
    waiting = connection_of(either)

    dispose()

    assert not is_open(waiting)
    assert run(either, "SELECT 1") == [(1,)]


def test_no_other_statement_looks_for_listeners_since(either: Engine) -> None:
    """With a single one of SQLAlchemy's, each read took half as long again."""
    assert connection_of(either)

    assert not either._has_events


def test_one_that_waited_long_is_tried_before_it_is_used(
    served: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autocommit, "IDLE", 0.0)
    before = connection_of(served)
    assert connection_of(served) is before
    end = f"SELECT pg_terminate_backend({before.info.backend_pid}, 10000)"
    with served.connect() as another:
        another.exec_driver_sql(end)

    assert run(served, "SELECT 1") == [(1,)]


def test_one_that_the_server_hung_up_on_takes_the_others_with_it(
    served: Engine,
) -> None:
    with driver_cursor(served):
        waiting = connection_of(served)

    with pytest.raises(OperationalError):
        run(served, "SELECT pg_terminate_backend(pg_backend_pid())")

    assert not is_open(waiting)
    assert run(served, "SELECT 1") == [(1,)]


def test_one_that_cannot_be_told_to_commit_by_itself_is_closed(
    served: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the server hangs up between the two."""
    opened = list[Any]()

    class HungUp:
        def __init__(self, pooled: Any) -> None:
            self.driver_connection = pooled.driver_connection
            self.detach = pooled.detach
            opened.append(self.driver_connection)
            self.driver_connection.execute("BEGIN")  # psycopg refuses the change then

    raw_connection = served.raw_connection
    monkeypatch.setattr(served, "raw_connection", lambda: HungUp(raw_connection()))

    with pytest.raises(DBAPIError):
        run(served, "SELECT 1")

    (connection,) = opened
    assert connection.closed


def test_a_store_that_cannot_be_opened_is_told_as_one(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/x.sqlite", MetaData())
    engine.dispose()
    (tmp_path / "x.sqlite").unlink()
    (tmp_path / "x.sqlite").mkdir()

    with pytest.raises(OperationalError):
        run(engine, "SELECT 1")
