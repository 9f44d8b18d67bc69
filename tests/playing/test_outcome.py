"""What became of the callbacks of one kind?"""

from dataclasses import replace

from oauthapp.playing.outcome import outcome_of
from oauthapp.recorder.observation import Observation
from oauthapp.recorder.observation import redacted
from oauthapp.recorder.timeline import Story
from oauthapp.recorder.timeline import tell
from tests.recorder.calls import RUN
from tests.recorder.calls import WEBHOOK


def story(*heard: Observation) -> Story:
    return tell([redacted(one, b"key") for one in heard])


def attempt(number: int, verdict: str, reason: str = "") -> Observation:
    return replace(
        WEBHOOK,
        id=f"attempt-{number}",
        caller_id=None,
        at=float(number),
        verdict=verdict,  # type: ignore[arg-type]
        reason=reason,
    )


def test_each_kind_is_told_apart() -> None:
    assert outcome_of(story(*RUN), "redirect") == ("accepted",)
    assert outcome_of(story(*RUN), "webhook") == ("accepted",)


def test_what_never_came_is_said() -> None:
    assert outcome_of(story(*RUN), "polling") == ("never",)


def test_the_same_thing_in_a_row_is_counted() -> None:
    told = story(
        attempt(1, "failed", "away"),
        attempt(2, "failed", "away"),
        attempt(3, "accepted"),
        attempt(4, "accepted", "duplicate"),
    )

    outcome = outcome_of(told, "webhook")

    assert outcome == ("failed away ×2", "accepted", "accepted duplicate")
