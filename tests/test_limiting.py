"""How often somebody may do something, by a clock that a test moves."""

import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauthapp import limit_window
from oauthapp.limit_window import Memory
from oauthapp.limiting import Guesses
from oauthapp.limiting import Limit
from oauthapp.limiting import network


class Clock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_one_too_many_is_told_how_long_to_wait(clock: Clock) -> None:
    limit = Limit("2/minute", clock)

    assert [limit.count("a"), limit.count("a"), limit.wait("a")] == [0, 0, 60]
    clock.now += 20.5
    assert (limit.count("a"), limit.wait("a")) == (40, 40)
    clock.now += 39.5
    assert (limit.wait("a"), limit.count("a")) == (0, 0)


def test_the_window_moves_with_the_time(clock: Clock) -> None:
    """A window that begins anew each minute would let four in within two seconds."""
    limit = Limit("2/minute", clock)
    clock.now += 59 - clock.now % 60
    let_in = [limit.count("a"), limit.count("a")]
    clock.now += 2

    assert [*let_in, limit.count("a")] == [0, 0, 58]


def test_what_was_refused_does_not_count(clock: Clock) -> None:
    limit = Limit("1/minute", clock)
    for _ in range(100):
        limit.count("a")
        clock.now += 0.5

    assert limit.wait("a") == 10


def test_others_are_counted_apart(clock: Clock) -> None:
    limit = Limit("1/minute", clock)
    limit.count("a", "bc")

    assert limit.wait("a", "bc") == 60
    assert [limit.wait("ab", "c"), limit.wait("a"), limit.wait("b")] == [0, 0, 0]


def test_no_rate_is_no_limit(clock: Clock) -> None:
    limit = Limit("", clock)

    assert {limit.count("a") for _ in range(1000)} == {0}


def test_a_clock_that_is_turned_back_locks_nobody_out(clock: Clock) -> None:
    limit = Limit("1/minute", clock)
    limit.count("a")
    clock.now -= 86400

    assert limit.wait("a") == 0


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.floats(0, 90)), min_size=1, max_size=60
    )
)
def test_no_sequence_gets_more_than_the_rate_in_any_window(
    steps: list[tuple[str, float]],
) -> None:
    clock = Clock()
    limit = Limit("3/minute", clock)
    let_in: list[tuple[str, float]] = []
    for who, pause in steps:
        clock.now += pause
        if limit.count(who) == 0:
            let_in.append((who, clock.now))

    for _, at in let_in:
        window = Counter(who for who, t in let_in if at - 60 < t <= at)
        assert max(window.values()) <= 3


def test_ten_thousand_addresses_and_more_do_not_grow_the_memory(clock: Clock) -> None:
    memory = Memory(clock)
    for number in range(12_000):
        memory.acquire_entry(str(number), 3, 60)
        clock.now += 0.001

    assert len(memory) == limit_window.KEYS == 10_000
    # Who came last is remembered, who came first is not.
    assert memory.get_moving_window("11999", 3, 60)[1] == 1
    assert memory.get_moving_window("0", 3, 60)[1] == 0


def test_one_who_goes_on_is_not_pushed_out_by_newcomers(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limit_window, "KEYS", 10)
    memory = Memory(clock)
    for number in range(100):
        memory.acquire_entry(str(number), 1000, 60)
        memory.acquire_entry("goes on", 1000, 60)

    assert memory.get_moving_window("goes on", 1000, 60)[1] == 100


def test_a_key_holds_no_more_times_than_are_allowed(clock: Clock) -> None:
    memory = Memory(clock)
    for _ in range(1000):
        memory.acquire_entry("a", 3, 60)
        clock.now += 1

    assert len(memory._times["a"]) <= 3


def test_a_stranger_elsewhere_locks_nobody_out(clock: Clock) -> None:
    guesses = _guesses(clock)
    for _ in range(100):
        guesses.failed("203.0.113.7", "alice")

    assert guesses.wait("203.0.113.7", "alice") == 60
    assert guesses.wait("198.51.100.1", "alice") == 0


def test_one_password_tried_on_every_account_is_seen(clock: Clock) -> None:
    guesses = _guesses(clock)
    for number in range(5):
        guesses.failed("203.0.113.7", f"user {number}")

    assert guesses.wait("203.0.113.7", "nobody yet") == 60


def _guesses(clock: Clock) -> Guesses:
    return Guesses(
        of_account=Limit("3/minute", clock), of_address=Limit("5/minute", clock)
    )


@pytest.mark.parametrize(
    ("address", "whose"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("a socket", "a socket"),
        (None, ""),
    ],
)
def test_an_ipv6_line_is_one_address(address: str | None, whose: str) -> None:
    assert network(address) == whose


def test_names_that_are_no_text_are_counted_too(clock: Clock) -> None:
    limit = Limit("1/minute", clock)
    limit.count("\udcff\x00")

    assert limit.wait("\udcff\x00") == 60


def test_the_library_is_not_imported_before_something_is_counted() -> None:
    """It takes longer than a provider to start."""
    code = (
        "import sys, oauthapp.provider_app, oauthapp.app\n"
        "from oauthapp.limiting import Limit\n"
        "Limit('1/minute', lambda: 0.0).wait('a')\n"
        "assert 'limits' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
