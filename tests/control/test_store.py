"""Each time a fault is armed for, one caller takes it, on each database we support."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine

from oauthapp.control import store
from oauthapp.control.store import Armed
from oauthapp.database import open_database
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.schema.provider import provider_tables
from tests.databases import url_of

NOW = 1_700_000_000.0


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    url = url_of(request, tmp_path, "control")
    engine = open_database(url, provider_tables)
    yield engine
    engine.dispose()


def armed(engine: Engine, *some: Armed) -> None:
    for number, one in enumerate(some):
        with writing(engine) as connection:
            store.arm(connection, one, now=NOW + number)


def listed(engine: Engine) -> tuple[Armed, ...]:
    with reading(engine) as connection:
        return store.listed(connection)


def take(engine: Engine, one: Armed) -> bool:
    with writing(engine) as connection:
        return store.take(connection, one)


def test_of_many_at_once_as_many_take_it_as_it_was_armed_for(engine: Engine) -> None:
    one = Armed(name="token_500", times=3)
    armed(engine, one)

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: take(engine, one), range(16)))

    assert sum(taken) == 3
    assert listed(engine) == ()


def test_arming_it_again_sets_the_number_of_times(engine: Engine) -> None:
    armed(engine, Armed(name="token_500", times=5), Armed(name="token_500", times=1))

    assert listed(engine) == (Armed(name="token_500", times=1),)


def test_what_is_meant_for_one_is_not_found_for_another(engine: Engine) -> None:
    one, other = Armed(name="a", target="client"), Armed(name="b", target="other")
    anybodys = Armed(name="c")
    armed(engine, anybodys, other, one)

    with reading(engine) as connection:
        found = store.armed_for(connection, ("a", "b", "c", "d"), target="client")

    assert found == (anybodys, one)


def test_one_is_disarmed_or_all_are(engine: Engine) -> None:
    armed(engine, *(Armed(name=name, target=t) for name in "ab" for t in ("", "t")))

    with writing(engine) as connection:
        store.disarm(connection, "a")
    assert [one.name for one in listed(engine)] == ["b", "b"]
    with writing(engine) as connection:
        store.disarm(connection)
    assert listed(engine) == ()
