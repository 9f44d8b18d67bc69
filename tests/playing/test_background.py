"""Which faults can a demo play before whoever pressed the button has gone?"""

import pytest
from sqlalchemy import create_engine

from oauthapp.faults import FAULTS
from oauthapp.playing.background import BackgroundPlayer
from oauthapp.playing.stage import Stage
from oauthapp.recorder.store import Recorder

#: So many attempts of one message are made within seconds.
SOON = 2


def nobody() -> Stage:
    raise AssertionError("nothing is played")


def player(clock_factor: float) -> BackgroundPlayer:
    recorder = Recorder(create_engine("sqlite://"), "key", lambda: 0.0)
    return BackgroundPlayer(nobody, recorder, clock_factor)


def test_a_plain_demo_does_not_play_what_goes_on_for_days() -> None:
    assert not player(1.0).can_play("receiver_500_always")
    assert not player(100.0).can_play("receiver_500_always")
    assert player(1.0).can_play("receiver_500_once")
    assert player(1.0).can_play("")


def test_a_fast_one_plays_all() -> None:
    fast = player(100_000.0)

    assert all(fast.can_play(name) for name in FAULTS)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_says_whether_it_takes_more_attempts_than_come_soon(name: str) -> None:
    fault = FAULTS[name]
    times = [
        int(one.partition(" ×")[2] or 1)
        for one in fault.outcome
        if not one.startswith("accepted")
    ]

    repeated = (
        fault.kind in ("webhook", "callback_url") and max(times, default=0) >= SOON
    )
    assert fault.needs_fast_clock == repeated
