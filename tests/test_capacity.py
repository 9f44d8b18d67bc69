"""There is never more than there may be, however requests and counts fall together."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from contextlib import ExitStack
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauthapp.capacity import AGAIN
from oauthapp.capacity import BELIEVED
from oauthapp.capacity import Amount
from oauthapp.capacity import Capacity

MOST = Amount(5, 50)


class Store:
    """Holds what was put in; a test moves its clock and empties it."""

    def __init__(self) -> None:
        self.held: list[int] = []
        self.now = 1_700_000_000.0
        self.asked = 0

    def clock(self) -> float:
        return self.now

    def measure(self) -> Amount:
        self.asked += 1
        return Amount(len(self.held), sum(self.held))


@pytest.fixture
def store() -> Store:
    return Store()


def put(capacity: Capacity, store: Store, size: int = 1) -> bool:
    with capacity.taking(store.measure, size=size) as free:
        if free:
            store.held.append(size)
    return free


def test_as_much_as_may_be_and_no_more(store: Store) -> None:
    capacity = Capacity(MOST, store.clock)

    assert [put(capacity, store) for _ in range(7)] == [True] * 5 + [False] * 2


def test_bytes_count_too(store: Store) -> None:
    capacity = Capacity(MOST, store.clock)

    assert [put(capacity, store, 20) for _ in range(3)] == [True, True, False]
    assert put(capacity, store, 10)


def test_what_was_there_before_this_process_counts(store: Store) -> None:
    store.held = [1] * 5

    assert not put(Capacity(MOST, store.clock), store)


def test_there_is_room_again_a_second_after_it_was_emptied(store: Store) -> None:
    capacity = Capacity(MOST, store.clock)
    for _ in range(6):
        put(capacity, store)
    store.held.clear()

    assert not put(capacity, store)
    store.now += AGAIN
    assert put(capacity, store)


@pytest.mark.parametrize(("most", "seconds"), [(10_000, BELIEVED), (10, AGAIN)])
def test_the_store_is_asked_now_and_then(
    store: Store, most: int, seconds: float
) -> None:
    """More often while there is no room."""
    capacity = Capacity(Amount(most), store.clock)
    for _ in range(1000):
        put(capacity, store, 0)
        store.now += 0.01

    assert store.asked == pytest.approx(10 / seconds, abs=1)


def test_a_clock_that_is_turned_back_is_no_reason_to_stay_full(store: Store) -> None:
    capacity = Capacity(MOST, store.clock)
    for _ in range(6):
        put(capacity, store)
    store.held.clear()
    store.now -= 3600

    assert put(capacity, store)


def test_what_could_not_be_kept_takes_no_room_for_long(store: Store) -> None:
    capacity = Capacity(MOST, store.clock)
    for _ in range(5):
        with pytest.raises(OSError), capacity.taking(store.measure):
            raise OSError
    store.now += BELIEVED

    assert put(capacity, store)


def test_a_store_that_cannot_be_asked_lets_nobody_in(store: Store) -> None:
    def away() -> Amount:
        raise OSError

    capacity = Capacity(MOST, store.clock)
    for _ in range(2):
        with pytest.raises(OSError), capacity.taking(away):
            raise AssertionError("let in")


def test_threads_at_once_never_exceed_it(store: Store) -> None:
    capacity, together = Capacity(Amount(20), store.clock), Barrier(8)

    def many(_: int) -> None:
        together.wait()
        for _ in range(10):
            put(capacity, store, 0)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(many, range(8)))

    assert len(store.held) == 20


def test_what_is_under_way_while_the_store_is_asked_counts(store: Store) -> None:
    capacity = Capacity(MOST, store.clock)
    with ExitStack() as under_way:
        for _ in range(5):
            assert under_way.enter_context(capacity.taking(store.measure))
        store.now += BELIEVED

        assert not put(capacity, store)


def test_what_is_kept_while_the_store_answers_counts(store: Store) -> None:
    capacity = Capacity(MOST, store.clock)
    with ExitStack() as under_way:
        for _ in range(5):
            under_way.enter_context(capacity.taking(store.measure))
        store.now += BELIEVED

        def slowly() -> Amount:
            found = store.measure()
            store.held = [1] * 5
            under_way.close()
            return found

        with capacity.taking(slowly) as free:
            assert not free


def test_two_processes_see_each_other_in_time(store: Store) -> None:
    one, other = Capacity(MOST, store.clock), Capacity(MOST, store.clock)
    before = [put(one, store), put(other, store)]
    for _ in range(10):
        put(one, store), put(other, store)
    # Each knew of one that the other kept before it asked; 4 it did not see.
    assert (before, len(store.held)) == ([True, True], 9)

    store.now += BELIEVED
    assert not put(one, store) and not put(other, store)


#: What can happen: a request of one of two processes begins, its oldest under way is
#: kept or given up, a worker takes one out, time passes.
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("begin"), st.integers(0, 1), st.sampled_from([1, 9, 30])),
        st.tuples(st.just("begin"), st.integers(0, 1), st.just(1)),
        st.tuples(st.just("keep"), st.integers(0, 1), st.just(0)),
        st.tuples(
            st.sampled_from(["give up", "work", "wait", "keep"]),
            st.integers(0, 1),
            st.integers(1, 12),
        ),
    ),
    max_size=80,
)


class Process:
    """One of those that share a store, and what it has let in."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._capacity = Capacity(MOST, store.clock)
        self._under_way: list[tuple[AbstractContextManager[bool], int]] = []
        self._ended: list[tuple[float, int]] = []

    def begin(self, size: int) -> None:
        block = self._capacity.taking(self._store.measure, size=size)
        if block.__enter__():
            self._under_way.append((block, size))
        else:
            block.__exit__(None, None, None)

    def end(self, *, keep: bool) -> None:
        if not self._under_way:
            return
        block, size = self._under_way.pop(0)
        if keep:
            self._store.held.append(size)
        self._ended.append((self._store.now, size))
        block.__exit__(None, None, None)

    def unseen(self) -> Amount:
        """What it has under way, or ended since another may have asked last."""
        lately = [n for at, n in self._ended if self._store.now - at <= BELIEVED]
        sizes = [size for _, size in self._under_way] + lately
        return Amount(len(sizes), sum(sizes))


@given(STEPS)
def test_no_sequence_of_requests_of_one_process_exceeds_it(
    steps: list[tuple[str, int, int]],
) -> None:
    store = Store()
    process = Process(store)
    for what, _, number in steps:
        _play(store, process, what, number)
        assert store.measure().within(MOST)


@given(STEPS)
def test_two_processes_exceed_it_by_what_the_other_takes_in_time(
    steps: list[tuple[str, int, int]],
) -> None:
    store, number, size = Store(), MOST.number, MOST.size
    processes = (Process(store), Process(store))
    for what, who, of in steps:
        _play(store, processes[who], what, of)
        for one in processes:
            number = max(number, MOST.number + one.unseen().number)
            size = max(size, MOST.size + one.unseen().size)
        assert store.measure().within(Amount(number, size))


def _play(store: Store, process: Process, what: str, number: int) -> None:
    if what == "begin":
        process.begin(number)
    elif what in ("keep", "give up"):
        process.end(keep=what == "keep")
    elif what == "work" and store.held:
        store.held.pop(0)
    elif what == "wait":
        store.now += number / 2
