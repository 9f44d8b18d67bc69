"""Statements that a connection has prepared: as the driver would, but in one call."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from oauthapp.prepared import execute_prepared


@pytest.fixture
def connection(postgresql: str) -> Iterator[psycopg.Connection[Any]]:
    url = postgresql.replace("postgresql+psycopg:", "postgresql:")
    with psycopg.connect(f"{url}/postgres", autocommit=True) as one:
        yield one


def test_the_rows_come_back_as_text(connection: psycopg.Connection[Any]) -> None:
    statement = "SELECT $1, 7, NULL UNION ALL SELECT 'b', 8, 'ü' ORDER BY 2"

    found = execute_prepared(connection, statement, "a€")

    assert found == [("a€", "7", None), ("b", "8", "ü")]


def test_what_returns_nothing_returns_no_rows(
    connection: psycopg.Connection[Any],
) -> None:
    connection.execute("CREATE TEMPORARY TABLE things (name text)")

    assert execute_prepared(connection, "INSERT INTO things SELECT $1", "a") == []
    assert connection.execute("SELECT name FROM things").fetchall() == [("a",)]


def test_each_statement_is_prepared_once(connection: psycopg.Connection[Any]) -> None:
    for value in ("a", "b"):
        for statement in ("SELECT upper($1)", "SELECT lower($1)"):
            execute_prepared(connection, statement, value)

    prepared = connection.execute("SELECT statement FROM pg_prepared_statements")
    assert sorted(prepared.fetchall()) == [("SELECT lower($1)",), ("SELECT upper($1)",)]


def test_what_the_connection_is_written_in_is_heeded(
    connection: psycopg.Connection[Any],
) -> None:
    connection.execute("SET client_encoding TO 'LATIN1'")

    assert execute_prepared(connection, "SELECT $1, octet_length($1)", "ü") == [
        ("ü", "2")
    ]


@pytest.mark.parametrize(
    ("statement", "value", "error"),
    [
        ("SELECT 1 / $1::int", "0", psycopg.errors.DivisionByZero),
        ("SELECT $1::json", "{", psycopg.errors.InvalidTextRepresentation),
        ("SELECT nothing", "", psycopg.errors.UndefinedColumn),
    ],
)
def test_an_error_is_the_one_of_the_driver(
    connection: psycopg.Connection[Any],
    statement: str,
    value: str,
    error: type[psycopg.Error],
) -> None:
    with pytest.raises(error):
        execute_prepared(connection, statement, value)

    assert execute_prepared(connection, "SELECT $1", "a") == [("a",)]


def test_a_lost_connection_is_told_as_such(
    connection: psycopg.Connection[Any], postgresql: str
) -> None:
    execute_prepared(connection, "SELECT $1", "a")
    url = postgresql.replace("postgresql+psycopg:", "postgresql:")
    with psycopg.connect(f"{url}/postgres") as other:
        pid = connection.info.backend_pid
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))

    with pytest.raises(psycopg.OperationalError):
        execute_prepared(connection, "SELECT $1", "a")
    assert connection.closed
