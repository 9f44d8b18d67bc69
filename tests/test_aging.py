"""A little at a time without pause, and then a rest."""

from oauthapp import aging
from oauthapp.aging import DAY
from oauthapp.aging import EVERY
from oauthapp.aging import SOME
from oauthapp.aging import Aging
from oauthapp.aging import forgetting


class Clock:
    now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


def test_it_goes_on_without_pause_and_then_rests() -> None:
    clock, looks, left = Clock(), list[float](), [200, 50, 0]

    def remove_some(now: float) -> int:
        looks.append(now)
        return left.pop(0) if left else 0

    keeper = Aging(remove_some, clock)
    for _ in range(5):
        keeper.now_and_then()
    assert looks == [clock.now] * 3

    clock.now += EVERY - 1
    keeper.now_and_then()
    assert len(looks) == 3
    clock.now += 1
    keeper.now_and_then()
    assert looks[3:] == [clock.now]


def test_so_many_days_are_kept() -> None:
    clock, asked = Clock(), list[tuple[object, float, int]]()

    def forget(engine: object, *, before: float, limit: int) -> int:
        asked.append((engine, before, limit))
        return 0

    database = object()
    forgetting(database, forget, days=30, clock=clock)()  # type: ignore[arg-type]

    assert asked == [(database, clock.now - 30 * DAY, SOME)]


def test_a_look_that_failed_is_taken_again_at_once() -> None:
    clock, looks = Clock(), list[float]()

    def remove_some(now: float) -> int:
        looks.append(now)
        if len(looks) == 1:
            raise OSError("the store is away")
        return 0

    keeper = aging.Aging(remove_some, clock)
    try:
        keeper.now_and_then()
    except OSError:
        keeper.now_and_then()

    assert len(looks) == 2
