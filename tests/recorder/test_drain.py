"""What is handed over is written, soon, together and all of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from threading import Event
from threading import current_thread

import pytest

from oauthapp.recorder import drain as module
from oauthapp.recorder.drain import Drain
from oauthapp.recorder.store import Recorder
from tests.recorder.calls import RUN

#: Longer than any of these tests takes: a test that waits for it has failed.
LONG = 30.0


@dataclass
class Store:
    """Notes what was written, and by whom."""

    batches: list[list[int]] = field(default_factory=list)
    writers: set[str] = field(default_factory=set)
    written: Event = field(default_factory=Event)

    def write(self, items: Sequence[int]) -> None:
        self.batches.append(list(items))
        self.writers.add(current_thread().name)
        self.written.set()


@pytest.fixture
def store() -> Store:
    return Store()


def test_nothing_waits_while_nobody_empties_the_queue(store: Store) -> None:
    drain = Drain(store.write)
    drain.put(1)
    drain.put(2)

    assert store.batches == [[1], [2]]


def test_in_the_background_another_thread_writes(store: Store) -> None:
    drain = Drain(store.write)
    with drain.running():
        drain.put(1)
        assert store.written.wait(LONG)

    assert (store.batches, store.writers) == ([[1]], {"recorder"})


def test_what_comes_after_a_while_is_written_soon_too(store: Store) -> None:
    drain = Drain(store.write)
    with drain.running():
        for number in range(3):
            drain.put(number)
            assert store.written.wait(LONG)
            store.written.clear()
        assert store.batches == [[0], [1], [2]]


def test_what_waits_is_written_together_at_the_end(store: Store, monkeypatch) -> None:
    monkeypatch.setattr(module, "LINGER", LONG)
    drain = Drain(store.write)
    with drain.running():
        for number in range(3):
            drain.put(number)
        assert store.batches == []

    assert store.batches == [[0, 1, 2]]


def test_the_end_of_a_block_that_crashed_loses_nothing(
    store: Store, monkeypatch
) -> None:
    monkeypatch.setattr(module, "LINGER", LONG)
    drain = Drain(store.write)
    with pytest.raises(ZeroDivisionError), drain.running():
        drain.put(1)
        raise ZeroDivisionError

    assert store.batches == [[1]]


def test_a_reader_may_ask_for_it_now(store: Store, monkeypatch) -> None:
    monkeypatch.setattr(module, "LINGER", LONG)
    drain = Drain(store.write)
    with drain.running():
        drain.put(1)
        drain.flush()
        assert store.batches == [[1]]


def test_who_brings_one_too_many_writes_them_all(store: Store, monkeypatch) -> None:
    monkeypatch.setattr(module, "LINGER", LONG)
    monkeypatch.setattr(module, "LIMIT", 3)
    drain = Drain(store.write)
    with drain.running():
        for number in range(3):
            drain.put(number)
        assert store.batches == [[0, 1, 2]]


def test_once_nothing_comes_it_tidies_up_until_all_is_done(
    store: Store, monkeypatch
) -> None:
    monkeypatch.setattr(module, "IDLE", 0.001)
    left = [3]
    done = Event()

    def tidy_up() -> bool:
        assert store.batches[-1] == [len(store.batches)], "what came is written"
        left[0] -= 1
        if not left[0]:
            done.set()
        return left[0] > 0

    drain = Drain(store.write, tidy_up)
    with drain.running():
        for number in (1, 2):
            left[0] = 3
            drain.put(number)
            assert done.wait(LONG)
            done.clear()
    assert left == [0], "and no longer"


def test_it_does_not_tidy_up_while_something_comes(store: Store, monkeypatch) -> None:
    monkeypatch.setattr(module, "IDLE", LONG)
    drain = Drain(store.write, lambda: pytest.fail("there is no time"))
    with drain.running():
        for number in range(3):
            drain.put(number)
            assert store.written.wait(LONG)
            store.written.clear()


def test_a_reader_of_the_recorder_misses_no_call(
    recorder: Recorder, monkeypatch
) -> None:
    monkeypatch.setattr(module, "LINGER", LONG)
    with recorder.in_background():
        for one in RUN:
            recorder.keep(one)
        login = recorder.latest(party="app", method="GET", path="/login/")
        assert login is not None
        assert {call.id for call in recorder.run(login)} == {one.id for one in RUN}
