"""One thread that answers many: they wait for the same disk together."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from dataclasses import field
from threading import get_ident
from typing import Any

import pytest
from greenlet import getcurrent

from oauthapp import lane as lanes
from oauthapp.errors import StoreUnavailable
from oauthapp.lane import Lane
from oauthapp.lane import in_a_lane
from oauthapp.lane import wait_aside

Write = Callable[[list[str]], list[Any]]


@dataclass
class Disk:
    """Notes what is written together, and by which thread."""

    written: list[list[str]] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)
    trouble: dict[str, Exception] = field(default_factory=dict)
    away: Exception | None = None

    def write(self, items: list[str]) -> list[Any]:
        self.threads.add(get_ident())
        if self.away:
            raise self.away
        self.written.append(items)
        return [self.trouble.get(item, item.upper()) for item in items]


@pytest.fixture
def disk() -> Disk:
    return Disk()


def run(rounds: list[list[str]], answer: Callable[[str], None]) -> None:
    """Have a lane answer what comes, some at a time."""
    coming = iter(rounds)

    def ready(wait: bool) -> list[str]:
        some = next(coming, None)
        if some is None and wait:
            lane.stop()
        return some or []

    lane = Lane(ready, answer)
    lane.run()


def answers_to(requests: list[str], disk: Disk) -> dict[str, Any]:
    """What each request is told, all of them being there at once."""
    told: dict[str, Any] = {}

    def answer(request: str) -> None:
        try:
            told[request] = wait_aside(disk.write, request)
        except Exception as error:
            told[request] = error

    run([requests], answer)
    return told


def test_those_who_are_there_are_written_together(disk: Disk) -> None:
    assert answers_to(["a", "b", "c"], disk) == {"a": "A", "b": "B", "c": "C"}
    assert disk.written == [["a", "b", "c"]]
    assert len(disk.threads) == 1


def test_each_is_told_what_became_of_its_own(disk: Disk) -> None:
    disk.trouble["b"] = ValueError("b")

    assert answers_to(["a", "b", "c"], disk) == {
        "a": "A",
        "b": disk.trouble["b"],
        "c": "C",
    }


def test_all_are_told_that_the_store_is_away(disk: Disk) -> None:
    disk.away = StoreUnavailable()

    assert set(answers_to(["a", "b"], disk).values()) == {disk.away}


def test_not_too_many_are_put_aside(
    disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "MOST", 2)

    answers_to(["a", "b", "c", "d", "e"], disk)

    assert disk.written == [["a", "b"], ["c", "d"], ["e"]]


def test_what_goes_to_different_places_is_written_apart(disk: Disk) -> None:
    other, told = Disk(), []

    def answer(request: str) -> None:
        place = disk if request < "c" else other
        told.append(wait_aside(place.write, request))

    run([["a", "b", "c", "d"]], answer)

    assert told == ["A", "B", "C", "D"]
    assert (disk.written, other.written) == ([["a", "b"]], [["c", "d"]])


def test_who_waits_for_nothing_is_answered_before_those_who_do(disk: Disk) -> None:
    order = []

    def answer(request: str) -> None:
        if request != "quick":
            wait_aside(disk.write, request)
        order.append(request)

    run([["slow", "quick"]], answer)

    assert order == ["quick", "slow"]


def test_who_comes_while_others_wait_is_written_with_them(disk: Disk) -> None:
    run([["a"], ["b"]], lambda request: wait_aside(disk.write, request))

    assert disk.written == [["a", "b"]]


def test_nobody_waits_for_all_who_may_still_come(disk: Disk) -> None:
    run([["a"], ["b"], ["c"]], lambda request: wait_aside(disk.write, request))

    assert disk.written == [["a", "b"], ["c"]]


def test_who_comes_later_is_written_later(disk: Disk) -> None:
    run([["a"], [], ["b"]], lambda request: wait_aside(disk.write, request))

    assert disk.written == [["a"], ["b"]]


def test_it_may_wait_more_than_once(disk: Disk) -> None:
    told = []

    def answer(request: str) -> None:
        first = wait_aside(disk.write, request)
        told.append(wait_aside(disk.write, first + "!"))

    run([["a", "b"]], answer)

    assert told == ["A!", "B!"]
    assert disk.written == [["a", "b"], ["A!", "B!"]]


def test_each_request_has_a_context_of_its_own(disk: Disk) -> None:
    whose = ContextVar[str]("whose")
    seen = []

    def answer(request: str) -> None:
        assert whose.get("nobody's") == "nobody's"
        whose.set(request)
        wait_aside(disk.write, request)
        seen.append(whose.get())

    run([["a", "b", "c"], [], ["d"]], answer)

    assert seen == ["a", "b", "c", "d"]


def test_who_has_answered_one_answers_the_next(disk: Disk) -> None:
    answering = set()

    def answer(request: str) -> None:
        answering.add(getcurrent())
        wait_aside(disk.write, request)

    run([["a", "b"], [], ["c", "d"], [], ["e", "f", "g"]], answer)

    assert len(answering) == 3
    assert all(one.dead for one in answering)


def test_one_that_breaks_leaves_the_others_alone(
    disk: Disk, caplog: pytest.LogCaptureFixture
) -> None:
    told = []

    def answer(request: str) -> None:
        if request == "broken":
            raise ZeroDivisionError
        told.append(wait_aside(disk.write, request))

    run([["a", "broken", "b"]], answer)

    assert told == ["A", "B"]
    assert "ZeroDivisionError" in caplog.text


def test_those_who_were_begun_are_answered_though_it_stops(disk: Disk) -> None:
    told = []

    def answer(request: str) -> None:
        lane.stop()
        told.append(wait_aside(disk.write, request))

    lane = Lane(lambda _wait: ["a", "b"], answer)
    lane.run()

    assert told == ["A", "B"]


def test_elsewhere_nobody_is_put_aside() -> None:
    seen = [in_a_lane()]

    run([["a"]], lambda _request: seen.append(in_a_lane()))

    assert seen == [False, True]
    assert not in_a_lane()
