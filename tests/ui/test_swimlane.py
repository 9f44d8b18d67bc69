"""A run as a picture: what is drawn, and where."""

from dataclasses import replace

from oauthapp.recorder.observation import Observation
from oauthapp.recorder.observation import redacted
from oauthapp.recorder.timeline import Story
from oauthapp.recorder.timeline import tell
from oauthapp.ui.swimlane import LABEL
from oauthapp.ui.swimlane import WIDTH
from oauthapp.ui.swimlane import draw
from tests.recorder.calls import APP
from tests.recorder.calls import CALLBACK
from tests.recorder.calls import GOOD
from tests.recorder.calls import RUN


def story(*heard: Observation) -> Story:
    return tell([redacted(one, b"key") for one in heard])


def test_a_kind_of_which_nothing_was_seen_has_no_arrows() -> None:
    assert draw(Story(), "polling").arrows == ()


def test_a_webhook_is_a_request_and_its_answer() -> None:
    lane = draw(story(*RUN), "webhook")

    there, back = [arrow for arrow in lane.arrows if arrow.step.kind == "webhook"]
    at = {one.name: one.x for one in lane.lanes}
    assert (there.x1, there.x2) == (at["provider"], at["app"])
    assert (back.x1, back.x2) == (at["app"], at["provider"])
    assert there.label == "POST /webhooks/demo"
    assert back.label == "204 accepted"


def test_a_call_made_while_another_is_answered_stands_inside_it() -> None:
    slow = [replace(one, ms=9000) if one.id == CALLBACK.id else one for one in RUN]
    labels = [arrow.label for arrow in draw(story(*slow), "redirect").arrows]

    outer = labels.index("GET /callback/demo")
    assert outer < labels.index("POST /token") < len(labels) - 1
    assert labels[-1].startswith("303")


def test_a_call_nobody_answered_has_no_way_back() -> None:
    lost = replace(CALLBACK, status=None)

    assert [one.what for one in draw(story(lost), "redirect").arrows] == ["request"]


def test_everything_lies_within_the_picture() -> None:
    stranger = replace(
        GOOD,
        id="stranger",
        direction="outbound",
        url=f"https://elsewhere.example/{'long' * 20}",
    )
    lane = draw(story(*RUN, stranger), "redirect")

    assert [one.name for one in lane.lanes][3:] == ["elsewhere.example"]
    assert all(0 < one.x < WIDTH for one in lane.lanes)
    assert all(len(arrow.label) <= LABEL for arrow in lane.arrows)
    assert all(arrow.y < lane.bottom for arrow in lane.arrows)


def test_the_picture_is_told_in_words() -> None:
    refused = replace(CALLBACK, status=400, verdict="refused", reason="state_unknown")

    assert draw(story(refused), "redirect").in_words() == [
        "The browser calls the app: GET /callback/demo.",
        "The app answers GET /callback/demo with 400, refused (state_unknown).",
    ]
    assert APP in CALLBACK.url


def test_a_call_that_was_not_made_is_not_drawn() -> None:
    unmade = replace(
        GOOD, direction="outbound", status=None, verdict="refused", reason="elsewhere"
    )

    assert draw(story(unmade), "redirect").arrows == ()
