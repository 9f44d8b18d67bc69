"""What calls share is found wherever it is kept, and is put in order without a loss."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy import bindparam
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select

from oauthapp.database import open_database
from oauthapp.database import reading
from oauthapp.database import writing
from oauthapp.recorder import link_store
from oauthapp.recorder.link_store import TABLES
from oauthapp.recorder.link_store import put_in_order
from oauthapp.schema.recorder import call_links
from oauthapp.schema.recorder import calls
from oauthapp.schema.recorder import new_call_links
from oauthapp.schema.recorder import recorder_tables
from tests.databases import url_of

Link = tuple[str, float, str]

#: Seconds; longer than any of these tests takes.
LONG = 20.0


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def opened(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    url = url_of(request, tmp_path_factory.mktemp("links"), "links")
    engine = open_database(url, recorder_tables)
    yield engine
    engine.dispose()


@pytest.fixture
def database(opened: Engine) -> Engine:
    empty(opened)
    return opened


def empty(database: Engine) -> None:
    with writing(database) as connection:
        for table in TABLES:
            connection.execute(delete(table))


def add(database: Engine, *links: Link) -> None:
    rows = [{"link": one, "at": at, "call_id": call} for one, at, call in links]
    with writing(database) as connection:
        connection.execute(insert(new_call_links), rows)


def carrying(database: Engine, link: str, *, limit: int = 100) -> list[str]:
    with reading(database) as connection:
        return list(
            connection.execute(link_store.carrying(link, limit=limit)).scalars()
        )


def of_these(database: Engine, *ids: str) -> list[tuple[str, str]]:
    statement = link_store.of_these(bindparam("some", expanding=True))
    with reading(database) as connection:
        return sorted(map(tuple, connection.execute(statement, {"some": ids})))


def counts(database: Engine) -> tuple[int, ...]:
    """How many wait, and how many are in order."""
    with reading(database) as connection:
        return tuple(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in TABLES
        )


def test_a_link_is_found_before_it_is_put_in_order_and_after(database: Engine) -> None:
    add(database, ("state:1", 1.0, "a"), ("state:1", 2.0, "b"), ("code:1", 2.0, "b"))
    put_in_order(database, most=2)
    add(database, ("state:1", 3.0, "c"), ("state:2", 3.0, "d"))

    assert counts(database) == (3, 2)
    assert carrying(database, "state:1") == ["c", "b", "a"], "the newest first"
    assert carrying(database, "state:1", limit=2) == ["c", "b"]
    assert carrying(database, "state:3") == []
    assert of_these(database, "b", "c") == [
        ("b", "code:1"),
        ("b", "state:1"),
        ("c", "state:1"),
    ]


def test_so_many_are_put_in_order_until_none_is_left(database: Engine) -> None:
    add(database, *((f"state:{number}", 1.0, "a") for number in range(5)))

    assert [put_in_order(database, most=2) for _ in range(4)] == [2, 2, 1, 0]
    assert counts(database) == (0, 5)


def test_what_was_told_twice_is_there_once(database: Engine) -> None:
    """As when a batch was written and its answer was lost."""
    add(database, ("state:1", 1.0, "a"), ("state:1", 1.0, "a"))
    put_in_order(database, most=10)
    add(database, ("state:1", 1.0, "a"))
    put_in_order(database, most=10)

    assert counts(database) == (0, 1)


def test_those_of_forgotten_calls_go_from_both(database: Engine) -> None:
    add(database, ("state:1", 1.0, "a"), ("state:1", 1.0, "b"))
    put_in_order(database, most=10)
    add(database, ("state:2", 2.0, "a"), ("state:2", 2.0, "b"))

    with writing(database) as connection:
        a = select(call_links.c.call_id).where(call_links.c.call_id == "a")
        connection.execute(delete(calls))
        link_store.forget(connection, a)

    assert of_these(database, "a", "b") == [("b", "state:1"), ("b", "state:2")]


def test_who_puts_in_order_loses_nothing_that_comes_meanwhile(database: Engine) -> None:
    """Two of each, as two processes would."""

    def come(which: int) -> None:
        for number in range(100):
            at, call = float(number), str(which)
            add(database, (f"state:{number}", at, call), ("sid:1", at, call))

    def order(_which: int) -> None:
        for _ in range(50):
            put_in_order(database, most=7)

    with ThreadPoolExecutor(4) as pool:
        for done in [
            *(pool.submit(come, which) for which in range(2)),
            *(pool.submit(order, which) for which in range(2)),
        ]:
            done.result()

    found = Counter(of_these(database, "0", "1"))
    assert len(found) == 202
    assert sum(counts(database)) == 400
    while put_in_order(database, most=100):
        pass
    assert counts(database) == (0, 400)


@pytest.mark.parametrize("opened", ["postgresql"], indirect=True)
def test_those_that_another_process_has_in_hand_are_left_to_it(
    database: Engine,
) -> None:
    add(database, *((f"state:{number}", 1.0, "a") for number in range(3)))
    with ThreadPoolExecutor(1) as pool, writing(database) as connection:
        one = select(new_call_links.c.link).limit(1).with_for_update()
        connection.execute(one).one()
        done = pool.submit(put_in_order, database, most=10)
        assert done.result(timeout=LONG) == 2, "it waits for nobody"

    assert counts(database) == (1, 2)


_LINKS = st.tuples(
    st.sampled_from(["state:1", "state:2", "sid:1"]),
    st.integers(0, 5).map(float),
    st.sampled_from("abc"),
)
_STEPS = st.lists(
    st.lists(_LINKS, min_size=1, max_size=4, unique=True) | st.integers(1, 5),
    max_size=8,
)


@settings(deadline=None, max_examples=40)
@given(steps=_STEPS)
def test_whatever_was_put_in_order_the_same_is_found(
    opened: Engine, steps: list[list[Link] | int]
) -> None:
    empty(opened)
    held: set[Link] = set()
    for step in steps:
        if isinstance(step, int):
            put_in_order(opened, most=step)
        else:
            fresh = set(step) - held
            if fresh:
                add(opened, *fresh)
            held |= set(step)
    for link in ("state:1", "state:2", "sid:1"):
        newest = sorted(((at, call) for one, at, call in held if one == link))
        found = carrying(opened, link)
        assert sorted(found) == sorted(call for _at, call in newest)
        top = {call for at, call in newest if newest and at == newest[-1][0]}
        assert set(carrying(opened, link, limit=1)) <= top
