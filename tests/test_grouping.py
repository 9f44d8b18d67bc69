"""Those who write at once share a transaction, and each is told what became of his."""

from collections.abc import Sequence
from concurrent.futures import Future
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from dataclasses import field
from threading import Event

import pytest
from sqlalchemy.exc import DataError
from sqlalchemy.exc import OperationalError

from oauthapp.errors import StoreUnavailable
from oauthapp.grouping import Group

#: Longer than any of these tests takes: a test that waits for it has failed.
LONG = 30.0


@dataclass
class Store:
    """Notes each transaction; the first one lasts until it is let go."""

    transactions: list[list[str]] = field(default_factory=list)
    begun: Event = field(default_factory=Event)
    go: Event = field(default_factory=Event)
    trouble: dict[str, BaseException] = field(default_factory=dict)

    def write(self, items: Sequence[str]) -> list[str]:
        self.begun.set()
        assert self.go.wait(LONG)
        for item in items:
            if item in self.trouble:
                raise self.trouble[item]
        self.transactions.append(list(items))
        return [item.upper() for item in items]


@pytest.fixture
def store() -> Store:
    return Store()


def all_at_once(
    store: Store, group: Group[str, str], first: str, others: Sequence[str]
) -> dict[str, Future[str]]:
    """`others` come while `first` is being written."""
    with ThreadPoolExecutor(1 + len(others)) as pool:
        asked = {first: pool.submit(group.write, first)}
        assert store.begun.wait(LONG)
        for number, item in enumerate(others):
            asked[item] = pool.submit(group.write, item)
            while len(group._waiting) <= number and not asked[item].done():
                pass
        store.go.set()
    return asked


def test_those_who_come_meanwhile_share_the_next_transaction(store: Store) -> None:
    asked = all_at_once(store, Group(store.write), "a", ["b", "c", "d"])

    assert {item: found.result() for item, found in asked.items()} == {
        "a": "A",
        "b": "B",
        "c": "C",
        "d": "D",
    }
    assert [sorted(one) for one in store.transactions] == [["a"], ["b", "c", "d"]]


def test_a_transaction_has_no_more_than_its_limit(store: Store) -> None:
    asked = all_at_once(
        store, Group(store.write, batch=2), "a", ["b", "c", "d", "e", "f"]
    )

    assert all(found.result() == item.upper() for item, found in asked.items())
    assert [len(one) for one in store.transactions] == [1, 2, 2, 1]


def test_one_that_cannot_be_written_spoils_it_for_itself_only(store: Store) -> None:
    store.trouble["c"] = DataError("", {}, Exception())

    asked = all_at_once(store, Group(store.write), "a", ["b", "c", "d"])

    assert [asked[item].result() for item in "abd"] == ["A", "B", "D"]
    assert isinstance(asked["c"].exception(), DataError)
    assert store.transactions == [["a"], ["b"], ["d"]]


def test_a_store_that_is_away_is_away_for_all(store: Store) -> None:
    store.trouble["b"] = OperationalError("", {}, Exception())

    asked = all_at_once(store, Group(store.write), "a", ["b", "c", "d"])

    assert asked["a"].result() == "A"
    for item in "bcd":
        assert isinstance(asked[item].exception(), OperationalError)


def test_a_writer_that_breaks_leaves_nobody_waiting_and_acknowledges_nothing(
    store: Store,
) -> None:
    store.trouble["c"] = ZeroDivisionError()
    group = Group(store.write)

    asked = all_at_once(store, group, "a", ["b", "c", "d"])

    assert asked["a"].result() == "A"
    errors = [type(asked[item].exception()) for item in "bcd"]
    assert sorted(error.__name__ for error in errors) == [
        "StoreUnavailable",
        "StoreUnavailable",
        "ZeroDivisionError",
    ]
    assert store.transactions == [["a"]]
    assert group.write("e") == "E"


def test_who_comes_when_too_many_wait_is_refused_at_once(store: Store) -> None:
    asked = all_at_once(store, Group(store.write, queue=2), "a", ["b", "c", "d"])

    assert [asked[item].result() for item in "abc"] == ["A", "B", "C"]
    assert isinstance(asked["d"].exception(), StoreUnavailable)


def test_who_has_waited_too_long_gives_up_and_is_not_written_later(
    store: Store,
) -> None:
    group = Group(store.write, patience=0.01)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(group.write, "a")
        assert store.begun.wait(LONG)
        second = pool.submit(group.write, "b")
        assert isinstance(second.exception(LONG), StoreUnavailable)
        store.go.set()

    assert first.result() == "A"
    assert group.write("c") == "C"
    assert store.transactions == [["a"], ["c"]]


def test_several_items_of_one_share_a_transaction_and_are_told_each(
    store: Store,
) -> None:
    store.go.set()
    group = Group(store.write)

    assert group.write_all(["a", "b"]) == ["A", "B"]
    assert group.write_all([]) == []
    assert store.transactions == [["a", "b"]]


def test_of_several_items_the_one_that_cannot_be_written_is_told_why(
    store: Store,
) -> None:
    store.go.set()
    store.trouble["b"] = DataError("", {}, Exception())

    assert Group(store.write).write_all(["a", "b", "c"]) == [
        "A",
        store.trouble["b"],
        "C",
    ]


def test_who_brings_several_is_in_one_transaction_with_those_that_fit(
    store: Store,
) -> None:
    group = Group(store.write, batch=3)
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(group.write, "a")
        assert store.begun.wait(LONG)
        asked = []
        for number, items in enumerate((["b", "c"], ["d", "e"])):
            asked.append(pool.submit(group.write_all, items))
            while len(group._waiting) <= number:
                pass
        store.go.set()

    assert [first.result(), *(one.result() for one in asked)] == [
        "A",
        ["B", "C"],
        ["D", "E"],
    ]
    assert store.transactions == [["a"], ["b", "c"], ["d", "e"]]
